import subprocess


def open_door(door: int, reason: str) -> None:
    """Opens a locker door. The reason ends up in the door's own log, so it is passed on as it was typed."""
    subprocess.run(["locker-ctl", "open", str(door), "--reason", reason], check=True, timeout=5)
