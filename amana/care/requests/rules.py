"""Who may answer a request for help, follow it, and send one."""

from django.db.models import Q

from amana.care.cases.models import Case
from amana.care.cases.rules import supervise_case, work_on_case
from amana.care.requests.models import HelpRequest
from amana.care.requests.states import EnquiryAnswer
from amana.trust.access.models import ANSWERING, KEYHOLDERS, User
from amana.trust.access.rules import define_rule, find_members_answering, find_team_ids

UNKNOWN_TO_RECIPIENT = [EnquiryAnswer.WAITING, EnquiryAnswer.SKIPPED]
"""A team that was never asked does not learn that there was a question."""


@define_rule
def see_enquiry(user: User) -> Q:
    """Permit, for enquiries, members of a team that was asked."""
    ours = Q(recipient__in=find_team_ids(user, *ANSWERING), asked_at__isnull=False)
    return ours & ~Q(status__in=UNKNOWN_TO_RECIPIENT)


@define_rule
def follow_request(user: User) -> Q:
    """Permit, for requests, those who work on its case; without a case, the sender's
    team."""
    theirs = Q(case__in=work_on_case.among(Case.objects.all(), user))
    return theirs | Q(case=None, sender__in=find_team_ids(user, *KEYHOLDERS))


@define_rule
def supervise_request(user: User) -> Q:
    """Permit, for requests, the supervisor of the team whose case it is."""
    return Q(case__in=supervise_case.among(Case.objects.all(), user))


see_request = follow_request | supervise_request


@define_rule
def answer_enquiry_for_outsider(user: User) -> Q:
    """Permit, for enquiries, the sender to record what a team without the system
    answers by telephone."""
    inside = find_members_answering().values("team")
    ours = follow_request.among(HelpRequest.objects.all(), user)
    return Q(request__in=ours, asked_at__isnull=False) & ~Q(recipient__in=inside)


answer_enquiry = see_enquiry | answer_enquiry_for_outsider
