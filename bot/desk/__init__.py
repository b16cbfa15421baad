"""Use cases, one verb a file: `async verb(desk, *, ...)`. Results are in `results`, errors in `bot.domain.errors`.

admit.admit(desk, *, caller, action, tried) -> Admission
find_customer.find_customer(desk, *, caller, text) -> CustomerOpened | CustomerChoice
open_customer.open_customer(desk, *, caller, handle) -> CustomerOpened             after a choice
list_options.list_options(desk, *, caller, customer_id, page=1, opened=None) -> OptionsList
refresh_options.refresh_options(desk, *, caller, handle) -> OptionsList            refresh and turn a page
share_options.share_options(desk, *, caller, handle, shared_channel) -> OptionsList
open_handle.open_handle(desk, *, caller, value, purpose) -> Handle
prepare_upgrade.prepare_upgrade(desk, *, caller, handle) -> Confirmation
prepare_again.prepare_again(desk, *, caller, change_id) -> Confirmation
request_upgrade.request_upgrade(desk, *, caller, draft_id, note, deadline=None, seats=None) -> Change
seats.list_seats.list_seats(desk, *, caller, customer_id, page=1, opened=None, number="") -> SeatsListed
seats.prepare_seats.prepare_seats(desk, *, caller, handle, wanted=None) -> SeatSheet
seats.request_seats.request_seats(desk, *, caller, draft_id, seats, note, deadline=None) -> Change
after.show_list.show_list(desk, *, caller, change_id) -> FollowUps; tick, hand_over, accounts_file beside it
check_status.check_status(desk, *, change_id, by=None) -> Checked
submit.submit(desk, *, owner, change) -> None
sweep.sweep(desk) -> Swept
sweep.prune(desk) -> int
roles.grant_role, revoke_role(database, *, actor, role, by) -> bool, list_roles(database)
stopping.stop_orders, resume_orders(database, *, team_ids, by) -> bool, is_stopped(database) -> Switch | None
"""
