"""What is open is found by an index of its own, however much is closed; a letter knows that an envelope was made for it."""

from django.db import migrations, models


def enclosed(apps, _editor):
    """Letters that an envelope was made for, and not rejected."""
    made = (
        apps.get_model("rights", "Dispatch")
        .objects.filter(request=models.OuterRef("request"), letter=models.OuterRef("number"))
        .exclude(state="rejected")
    )
    letters = apps.get_model("rights", "IssuedLetter").objects.exclude(kind="pack")
    letters.filter(models.Exists(made)).update(enclosed=True)


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0004_due_papers_and_money'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='dispatch',
            name='rights_disp_organis_09c480_idx',
        ),
        migrations.AddField(
            model_name='issuedletter',
            name='enclosed',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(enclosed, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('state__in', ['noted', 'searching', 'assessing', 'approved', 'partly', 'refused', 'not_held', 'carrying_out', 'reading_back'])), fields=['request'], name='open_claims'),
        ),
        migrations.AddIndex(
            model_name='dispatch',
            index=models.Index(fields=['organisation', 'state', 'id'], name='rights_disp_organis_9b889b_idx'),
        ),
        migrations.AddIndex(
            model_name='issuedletter',
            index=models.Index(condition=models.Q(('enclosed', False), models.Q(('kind', 'pack'), _negated=True)), fields=['id'], name='letters_to_enclose'),
        ),
        migrations.AddIndex(
            model_name="feeinstrument",
            index=models.Index(
                fields=["organisation", "recorded_at", "cashed_on", "returned_on", "face_value"], name="money_sums"
            ),
        ),
    ]
