"""Forms of a case. What a record's fields look like follows from `fields.py`."""

from amana.care.cases.forms.case_work import (
    AnswerNeedForm,
    CaseNoteForm,
    FileForm,
    FollowUpForm,
    OutcomeForm,
    RemoveFileForm,
    SafetyForm,
    UrgencyForm,
)
from amana.care.cases.forms.intake_forms import (
    ASKED_AT_INTAKE,
    MOST_NEEDS,
    EmergencyForm,
    IntakeForm,
    NeedForm,
    NeedFormSet,
    input_name,
    list_need_types,
)
from amana.care.cases.forms.people_and_end import (
    AssignForm,
    CaseSearchForm,
    CloseForm,
    EmergencyContactForm,
    RestrictForm,
    SendBackForm,
    TransferDeclineForm,
    TransferForm,
)
from amana.care.cases.forms.record import RecordForm, convert_to_record

__all__ = [
    "ASKED_AT_INTAKE",
    "MOST_NEEDS",
    "AnswerNeedForm",
    "AssignForm",
    "CaseNoteForm",
    "CaseSearchForm",
    "CloseForm",
    "EmergencyContactForm",
    "EmergencyForm",
    "FileForm",
    "FollowUpForm",
    "IntakeForm",
    "NeedForm",
    "NeedFormSet",
    "OutcomeForm",
    "RecordForm",
    "RemoveFileForm",
    "RestrictForm",
    "SafetyForm",
    "SendBackForm",
    "TransferDeclineForm",
    "TransferForm",
    "UrgencyForm",
    "convert_to_record",
    "input_name",
    "list_need_types",
]
