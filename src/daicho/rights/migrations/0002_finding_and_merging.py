"""By what the desk finds a request again, who works on it, duplicates, and indexes for the lists of the screen."""

import django.db.models.deletion
from django.db import migrations, models


def assign_to_who_registered(apps, _editor):
    """Until somebody else takes it, a request is worked on by who registered it."""
    apps.get_model("rights", "SubjectRequest").objects.filter(assigned_to="").update(
        assigned_to=models.F("registered_by")
    )


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RequestKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=16)),
                ("key_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="rights.subjectrequest"
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="subjectrequest", name="rights_subj_state_25f66f_idx"),
        migrations.AddField(
            model_name="subjectrequest", name="assigned_to", field=models.CharField(default="", max_length=80)
        ),
        migrations.AddField(
            model_name="subjectrequest", name="duplicate_of", field=models.CharField(default="", max_length=24)
        ),
        migrations.RunPython(assign_to_who_registered, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["kind", "request"], name="rights_clai_kind_e8268f_idx"),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(fields=["organisation", "state"], name="rights_subj_organis_ba2f48_idx"),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(fields=["target_on", "id"], name="rights_subj_target__0ba3d5_idx"),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(fields=["arrived_on", "id"], name="rights_subj_arrived_dc9b9e_idx"),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["received", "checking", "awaiting_documents", "awaiting_fee", "verified"])
                ),
                fields=["target_on", "id"],
                name="open_requests_by_target",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectrequest",
            index=models.Index(fields=["assigned_to", "target_on"], name="rights_subj_assigne_91eb3a_idx"),
        ),
        migrations.AddIndex(
            model_name="requestkey",
            index=models.Index(fields=["digest"], name="rights_requ_digest_92d321_idx"),
        ),
    ]
