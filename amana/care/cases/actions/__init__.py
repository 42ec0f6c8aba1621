"""What can be done for a case: one function per verb."""

from amana.care.cases.actions.assignments import NotAssigned as NotAssigned
from amana.care.cases.actions.assignments import assign as assign
from amana.care.cases.actions.assignments import assign_together as assign_together
from amana.care.cases.actions.assignments import assign_until as assign_until
from amana.care.cases.actions.assignments import end_assignment as end_assignment
from amana.care.cases.actions.assignments import end_emergencies as end_emergencies
from amana.care.cases.actions.assignments import lift_restriction as lift_restriction
from amana.care.cases.actions.assignments import restrict as restrict
from amana.care.cases.actions.closures import close as close
from amana.care.cases.actions.closures import close_as_decided as close_as_decided
from amana.care.cases.actions.closures import decide_to_close as decide_to_close
from amana.care.cases.actions.closures import decline_closure as decline_closure
from amana.care.cases.actions.closures import propose_closure as propose_closure
from amana.care.cases.actions.closures import reopen as reopen
from amana.care.cases.actions.emergency_contacts import (
    add_emergency_contact as add_emergency_contact,
)
from amana.care.cases.actions.emergency_contacts import (
    change_emergency_contact as change_emergency_contact,
)
from amana.care.cases.actions.emergency_contacts import (
    remove_emergency_contact as remove_emergency_contact,
)
from amana.care.cases.actions.gate_answers import ask_gate_again as ask_gate_again
from amana.care.cases.actions.mechanisms import change_mechanism as change_mechanism
from amana.care.cases.actions.needs import StatedNeed as StatedNeed
from amana.care.cases.actions.needs import answer_need as answer_need
from amana.care.cases.actions.needs import decide_need as decide_need
from amana.care.cases.actions.needs import raise_need as raise_need
from amana.care.cases.actions.needs import require_open as require_open
from amana.care.cases.actions.needs import (
    require_work_on_open as require_work_on_open,
)
from amana.care.cases.actions.needs import set_need_status as set_need_status
from amana.care.cases.actions.needs import settle_need as settle_need
from amana.care.cases.actions.opening import open_case as open_case
from amana.care.cases.actions.plan import assess_safety as assess_safety
from amana.care.cases.actions.plan import finish_follow_up as finish_follow_up
from amana.care.cases.actions.plan import plan_follow_up as plan_follow_up
from amana.care.cases.actions.plan import set_urgency as set_urgency
from amana.care.cases.actions.records import add_details as add_details
from amana.care.cases.actions.records import add_file as add_file
from amana.care.cases.actions.records import add_note as add_note
from amana.care.cases.actions.records import remove_file as remove_file
from amana.care.cases.actions.records import rewrite as rewrite
from amana.care.cases.actions.transfers import answer_transfer as answer_transfer
from amana.care.cases.actions.transfers import offer_transfer as offer_transfer
from amana.care.cases.actions.transfers import take_back_offer as take_back_offer
from amana.care.cases.due import record_wait as record_wait
from amana.care.cases.due import refresh_deadline as refresh_deadline
