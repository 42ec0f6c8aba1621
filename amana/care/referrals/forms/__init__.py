"""What is filled in about a referral. Forms know the shape; actions decide."""

from amana.care.referrals.forms.answer_forms import (
    AcceptForm,
    AppointmentForm,
    AttendedForm,
    DiscontinueForm,
    PersonConfirmationForm,
    PlainStepForm,
    RedirectForm,
    ReferralDeclineForm,
    ReferralNoteForm,
    UnaskedForm,
)
from amana.care.referrals.forms.duty_forms import (
    CoverForm,
    DutyForm,
    HandoverColleagueForm,
)
from amana.care.referrals.forms.sender_forms import (
    AccessCodeForm,
    HandoverForm,
    MessageForm,
    QuestionForm,
    ServiceSearchForm,
    SheetForm,
    SlipForm,
    UnmetForm,
    VitalInterestForm,
    add_name_field,
)

__all__ = [
    "AcceptForm",
    "AccessCodeForm",
    "AppointmentForm",
    "AttendedForm",
    "CoverForm",
    "DiscontinueForm",
    "DutyForm",
    "HandoverColleagueForm",
    "HandoverForm",
    "MessageForm",
    "PersonConfirmationForm",
    "PlainStepForm",
    "QuestionForm",
    "RedirectForm",
    "ReferralDeclineForm",
    "ReferralNoteForm",
    "ServiceSearchForm",
    "SheetForm",
    "SlipForm",
    "UnaskedForm",
    "UnmetForm",
    "VitalInterestForm",
    "add_name_field",
]
