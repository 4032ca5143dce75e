"""The Autobahn cases for a WebSocket server, one line for each.

usage: sockets.py ADDRESS
"""

import asyncio
import os
import sys

import kosoku


async def run(address):
    try:
        # 12 and 13 are about compression, which this server does not offer.
        return await kosoku.run_fuzzingclient(address, None, ["12.*", "13.*"], concurrency=4)
    except kosoku.FailureError as failure:
        return failure.results


for result in sorted(asyncio.run(run(f"ws://{sys.argv[1]}/socket")), key=lambda result: result.case_index):
    close = f"{result.behavior_close.value} {result.remote_close_code}"
    print(f"{result.case_id} | {result.behavior.value}, closed {close}{'' if result.passed else ' <failed>'}")

sys.stdout.flush()
# Threads of the library may still run, and the interpreter's own way to end would abort them.
os._exit(0)
