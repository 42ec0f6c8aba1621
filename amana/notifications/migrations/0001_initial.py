import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('ring', ''), ('received', 'New referral'), ('changed', 'Referral updated'), ('ended', 'Referral ended by the sender'), ('late', 'Referral overdue'), ('transfer', 'Case offered to your team'), ('returned', "Your case transfer was declined"), ('screening', 'Screening received'), ('step', 'Pathway task'), ('unmoved', 'Some cases could not be moved to the new version'), ('consent', 'Consent ended'), ('destroy', 'Copies to destroy'), ('assigned', 'Case assigned to you'), ('closure', 'Case closure to review'), ('reworked', 'Case closure sent back'), ('undecided', 'Your decision did not take effect'), ('marked', 'Your work was marked'), ('certificate', 'Certificate issued'), ('suspended', "A colleague was suspended, or a suspension was lifted"), ('keys', "Removal of a colleague’s keys"), ('share', 'You keep a share of a team’s recovery key'), ('shares_ended', "Your recovery share is no longer valid: destroy the paper"), ('regaining', "Recovery of a team’s key"), ('emergency', 'Emergency access to a case'), ('alarm', "Unusual use of Amana to review"), ('log', 'Something is wrong with the log'), ('device', "You signed in on a new device"), ('export', "An export is waiting for a second person"), ('altered', 'Records were altered in the database')], max_length=12)),
                ('object', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('number', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='access.team')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='notification_at'), models.Index(fields=['object', 'what'], name='notification_object')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('team', None), ('user__isnull', False)), models.Q(('team__isnull', False), ('user', None)), _connector='OR'), name='notification_for_a_team_or_a_person'), models.UniqueConstraint(condition=models.Q(('team__isnull', False)), fields=('team', 'what', 'object', 'number'), name='notification_once_for_a_team'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('user', 'what', 'object', 'number'), name='notification_once_for_a_person')],
            },
        ),
        migrations.CreateModel(
            name='ReadMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notification', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='notifications.notification')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notification', 'user'), name='notification_read_once')],
            },
        ),
    ]
