import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import amana.trust.vault.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("access", "__first__"),
        ("cases", "0001_initial"),
        ("consent", "0001_initial"),
        ("directory", "0001_initial"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.team_keys.generate_uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("SH", "Shelter and housing"),
                            ("HE", "Health"),
                            ("MH", "Mental health and psychosocial support"),
                            ("LG", "Legal help"),
                            ("DO", "Documents"),
                            ("CP", "Child protection"),
                            ("PR", "Protection and safety"),
                            ("BA", "Basic needs"),
                            ("LA", "Language"),
                            ("ED", "Education"),
                            ("LV", "Work and livelihood"),
                            ("CM", "Case management"),
                            ("RR", "Return and reintegration"),
                            ("FM", "Family"),
                            ("SO", "Smuggled migrants and rescue"),
                            ("SP", "Community and faith"),
                            ("AC", "Complaints and accountability"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SH1", "Emergency safe house"),
                            ("SH2", "Short-stay or reflection shelter"),
                            ("SH3", "Transitional or semi-independent housing"),
                            ("SH4", "Long-term supported housing"),
                            ("SH5", "Shelter for women"),
                            ("SH6", "Shelter for men"),
                            ("SH7", "Home for children"),
                            ("SH8", "Family unit"),
                            ("SH9", "LGBTIQ+ safe housing"),
                            ("SH10", "Accessible housing"),
                            ("SH11", "Closed shelter"),
                            ("SH12", "Host or foster family"),
                            ("SH13", "Cash for rent"),
                            ("SH14", "Hotel voucher"),
                            ("SH15", "Repair of a home"),
                            ("HE1", "Emergency health care"),
                            ("HE2", "Primary health care"),
                            ("HE3", "Care after rape, forensic examination"),
                            ("HE4", "Sexual, reproductive and antenatal care"),
                            ("HE5", "Tuberculosis, HIV and hepatitis"),
                            ("HE6", "Vaccination"),
                            ("HE7", "Dental and eye care"),
                            ("HE8", "Surgery and specialists"),
                            ("HE9", "Occupational health"),
                            ("HE10", "Rehabilitation"),
                            ("HE11", "Help with alcohol and drugs"),
                            ("HE12", "Medico-legal report"),
                            ("HE13", "Medicines"),
                            ("HE14", "Fitness to travel"),
                            ("HE15", "Nutrition"),
                            ("MH1", "Psychological first aid"),
                            ("MH2", "Counselling"),
                            ("MH3", "Trauma therapy"),
                            ("MH4", "Psychiatry"),
                            ("MH5", "Group or peer support"),
                            ("MH6", "Support for children and families"),
                            ("MH7", "Crisis line, day and night"),
                            ("LG1", "Legal information"),
                            ("LG2", "Counsel for victims in criminal cases"),
                            ("LG3", "Defence and non-punishment"),
                            ("LG4", "Immigration, asylum and residence counsel"),
                            ("LG5", "Labour claims and unpaid wages"),
                            ("LG6", "Compensation"),
                            ("LG7", "Family law and guardianship"),
                            ("LG8", "Clearing criminal records"),
                            ("LG9", "Witness protection"),
                            ("DO1", "Identity and birth documents"),
                            ("DO2", "Consular and travel documents"),
                            ("DO3", "Residence documents"),
                            ("DO4", "Help for stateless people"),
                            ("CP1", "Guardian"),
                            ("CP2", "Best-interests assessment"),
                            ("CP3", "Family tracing and reunification"),
                            ("CP4", "Alternative care"),
                            ("CP5", "Age assessment"),
                            ("CP6", "Child-friendly space"),
                            ("PR1", "Police protection"),
                            ("PR2", "Safety planning"),
                            ("PR3", "Relocation"),
                            ("PR4", "Safety of phones and accounts"),
                            ("PR5", "Safe space for women and girls"),
                            ("BA1", "Food"),
                            ("BA2", "Clothes and household items"),
                            ("BA3", "Hygiene"),
                            ("BA4", "Cash"),
                            ("BA5", "Transport"),
                            ("BA6", "Phone and SIM card"),
                            ("BA7", "Water and sanitation"),
                            ("LA1", "Interpreter"),
                            ("LA2", "Cultural mediator"),
                            ("LA3", "Sign language"),
                            ("LA4", "Translation of documents"),
                            ("ED1", "School"),
                            ("ED2", "Catch-up classes"),
                            ("ED3", "Language classes"),
                            ("ED4", "Literacy"),
                            ("ED5", "Digital skills"),
                            ("LV1", "Vocational training"),
                            ("LV2", "Job placement"),
                            ("LV3", "Grant for a small business"),
                            ("LV4", "Money management"),
                            ("LV5", "Childcare"),
                            ("LV6", "Recognition of qualifications"),
                            ("CM1", "Case worker"),
                            ("CM2", "Advocate or companion"),
                            ("CM3", "Outreach"),
                            ("CM4", "Survivor peer mentor"),
                            ("RR1", "Return counselling"),
                            ("RR2", "Voluntary return"),
                            ("RR3", "Escort"),
                            ("RR4", "Reception on arrival"),
                            ("RR5", "Reintegration grant"),
                            ("RR6", "Follow-up after return"),
                            ("FM1", "Family mediation"),
                            ("FM2", "Family support"),
                            ("FM3", "Tracing of adult relatives"),
                            ("SO1", "Rescue and disembarkation"),
                            ("SO2", "Missing migrants"),
                            ("SO3", "Referral to asylum procedure"),
                            ("SO4", "Rehabilitation after torture or ransom"),
                            ("SP1", "Community group"),
                            ("SP2", "Support by a faith group"),
                            ("AC1", "Complaints"),
                            ("AC2", "Ombudsperson or rapporteur"),
                            ("AC3", "Protection from exploitation by staff"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("U0", "Emergency"),
                            ("U1", "High"),
                            ("U2", "Medium"),
                            ("U3", "Routine"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("in_turn", "One after the other, in this order"),
                            ("at_once", "All at once: the first to accept takes it"),
                        ],
                        default="in_turn",
                        max_length=7,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("unanswered", "No team accepted"),
                            ("recalled", "Recalled by the sender"),
                            ("ended", "Consent ended"),
                            ("done", "Done"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_requests",
                        to="cases.case",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_requests",
                        to="cases.need",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["sender", "status", "sent_at"],
                        name="requests_he_sender__3af7ff_idx",
                    ),
                    models.Index(
                        fields=["case", "sent_at"],
                        name="requests_he_case_id_b1933f_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("need",),
                        name="help_request_one_open_per_need",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case", None), ("need", None)),
                            models.Q(("case__isnull", False), ("need__isnull", False)),
                            _connector="OR",
                        ),
                        name="help_request_need_with_its_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("ended_at", None), ("case", None), _connector="OR"
                                ),
                                models.Q(("type", ""), _negated=True),
                            ),
                            models.Q(
                                ("case__isnull", False),
                                ("ended_at__isnull", False),
                                ("type", ""),
                            ),
                            _connector="OR",
                        ),
                        name="help_request_type_while_it_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None), ("status__in", ["open", "accepted"])
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["open", "accepted"]), _negated=True
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="help_request_ended_at_iff_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=amana.trust.vault.models.team_keys.generate_uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("disclosure", models.UUIDField(blank=True, null=True, unique=True)),
                ("place", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Next in line"),
                            ("asked", "Being asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Did not answer in time"),
                            ("skipped", "Left out"),
                            ("closed", "Closed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_capacity", "No places free"),
                            ("not_eligible", "Not eligible for our service"),
                            ("outside_area", "Outside our area"),
                            ("wrong_service", "Not the service we offer"),
                            ("too_little", "Too little information to decide"),
                            ("conflict", "Conflict of interest or safety concern"),
                            ("person_declined", "The person did not want it"),
                            ("duplicate", "Already referred to us"),
                            ("unsafe", "Our place would not be safe for this person"),
                            ("language", "We don’t share a language with the person"),
                            ("funding", "Our funding has ended"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "skip_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("closed", "This service is not taking new people"),
                            (
                                "left",
                                "This organisation is no longer part of the mechanism",
                            ),
                            ("consent", "Consent to share with them has ended"),
                            ("own", "The case is now with this team"),
                        ],
                        max_length=7,
                    ),
                ),
                ("places", models.PositiveSmallIntegerField(default=0)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="consent.consent",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="access.team",
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiry",
                        to="referrals.referral",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to="directory.service",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enquiries",
                        to="requests.helprequest",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "enquiries",
                "indexes": [
                    models.Index(
                        fields=["recipient", "status", "due_at"],
                        name="requests_en_recipie_800869_idx",
                    ),
                    models.Index(
                        condition=models.Q(("status", "asked")),
                        fields=["due_at"],
                        name="enquiry_by_clock",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "rank"), name="enquiry_one_of_each_rank"
                    ),
                    models.UniqueConstraint(
                        fields=("request", "service"),
                        name="enquiry_one_of_each_service",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "accepted")),
                        fields=("request",),
                        name="enquiry_accepted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "asked"), _negated=True),
                            models.Q(
                                ("asked_at__isnull", False), ("due_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="enquiry_due_while_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="enquiry_declined_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "skipped"),
                                models.Q(("skip_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "skipped"), _negated=True),
                                ("skip_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="enquiry_skipped_with_a_reason",
                    ),
                ],
            },
        ),
    ]
