"""The lists of slips in their order, and what nobody answered yet, by indexes of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='searchslip',
            index=models.Index(fields=['organisation', 'store'], name='runs_search_organis_ee65ab_idx'),
        ),
        migrations.AddIndex(
            model_name='searchslip',
            index=models.Index(condition=models.Q(('answer', '')), fields=['due_on', 'id'], name='slips_unanswered'),
        ),
        migrations.AddIndex(
            model_name='searchslip',
            index=models.Index(models.Case(models.When(answer='', then=0), default=1), models.F('due_on'), models.F('id'), name='slips_in_their_order'),
        ),
    ]
