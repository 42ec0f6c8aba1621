from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table in the transaction in which
    its rows were written."""

    dependencies = [("labs", "0002_live_tables")]

    operations = [
        migrations.AddConstraint(
            model_name='lab',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('stage', 'closed')), models.Q(models.Q(('stage', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='lab_closed_iff_when'),
        ),
        migrations.AddConstraint(
            model_name='lab',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['agreed', 'broken']), _negated=True), ('result', models.F('stage')), _connector='OR'), name='lab_ended_has_result'),
        ),
        migrations.DeleteModel(
            name='Aside',
        ),
    ]
