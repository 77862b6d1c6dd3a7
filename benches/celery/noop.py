"""Jobs that do nothing through Celery: the application that its workers run, and with `python noop.py` the one who has jobs done.

It prints its name, and for each line that it reads, which begins with how many jobs, has them done and prints the seconds from
the first that is made to the last whose result is recorded. The variable PORT is Redis's.
"""

import os
import sys
import time

import celery
from celery.result import ResultSet

REDIS = f"redis://127.0.0.1:{os.environ['PORT']}"

app = celery.Celery("noop", broker=f"{REDIS}/1", backend=f"{REDIS}/2")
# More than the default of 4: tasks this short wait for the network otherwise.
app.conf.worker_prefetch_multiplier = 64


@app.task(name="noop")
def noop():
    return None


def main():
    print(f"Celery {celery.__version__}", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        results = [noop.delay() for _ in range(int(line.split()[0]))]
        ResultSet(results).join_native()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
