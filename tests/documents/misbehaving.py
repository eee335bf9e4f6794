"""What hostile code in the documents' process would try: started by the tests as a task of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path


def prepare() -> None:
    """Have loaded what a program is started with."""
    subprocess.run([sys.executable, "-c", ""], check=True)


def answer(body: bytes) -> bytes:
    """Do what the body says."""
    try:
        return TRIES[body.decode()]()
    except OSError as error:
        return f"refused: {error}".encode()


def spin() -> bytes:
    while True:
        pass


def hoard() -> bytes:
    return bytes(3 * 1024**3)


def break_off() -> bytes:
    os._exit(3)


def read_a_file() -> bytes:
    return Path("/etc/passwd").read_bytes()


def write_a_file() -> bytes:
    Path("here").write_bytes(b"x")
    return b"written"


def connect() -> bytes:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return b"connected"


def start_a_program() -> bytes:
    return subprocess.run([sys.executable, "-c", ""], check=True, capture_output=True).stdout


def tell() -> bytes:
    numbers = ",".join(str(number) for number in range(50) if is_open(number))
    return f"{dict(os.environ)}|{numbers}|{list(Path().iterdir())}".encode()


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def when() -> bytes:
    begun = time.time()
    time.sleep(0.3)
    return f"{begun} {time.time()}".encode()


TRIES = {
    name: task
    for name, task in list(globals().items())
    if callable(task) and getattr(task, "__module__", "") == __name__ and name != "answer"
}
