from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='personkey',
            name='one_person_a_digest',
        ),
        migrations.AddConstraint(
            model_name='personkey',
            constraint=models.UniqueConstraint(fields=('digest', 'person'), name='a_digest_once_a_person'),
        ),
    ]
