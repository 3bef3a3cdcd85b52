"""What a name on the command line may say."""

from reconcile_cli.store.selecting import Selection
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import Refused


def refuse_amount(selection: Selection) -> Selection:
    """The selection, where it names items and not a part of their amount.

    Raises:
        Refused: it says `=AMOUNT`, which only `match` takes.
    """
    if selection.named.amount is not None:
        raise Refused(
            _("{name}={amount}: an amount says what part is matched; here whole items are meant. Leave it out.").format(
                name=selection.name, amount=selection.named.amount
            )
        )
    return selection
