from amana.academy.cohorts import actions
from amana.academy.learners import actions as learners
from amana.trust.vault.heartbeat import DestroyingCommand


class Command(DestroyingCommand):
    help = "End offers of places that expired, and delete applications that are over."

    def handle(self, **options: object) -> None:
        lapsed, ended = actions.lapse_offers(), actions.end_applications()
        forgotten = actions.forget_applications() + actions.forget_invitations()
        forgotten += actions.forget_messages()
        learners.forget_links()
        self.stdout.write(
            f"{lapsed} expired, {ended} ended with their cohort, "
            f"{forgotten} deleted or shortened."
        )
