"""The peer of the ranking's picture: what one writes with pyplot for it, in a process of its own, imported and warm.

A picture's values come in as a line of JSON; its PNG goes out behind its length, as the worker's does.
"""

import io
import json
import struct
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager

mpl.use("Agg")
import matplotlib.pyplot as plt

FONTS = Path(__file__).parent.parent / "charts" / "fonts"
LENGTH = struct.Struct("!I")


def plot(ranking: dict[str, Any]) -> bytes:
    """Bars of what each unit lost, stacked by item, with places, tags and scores; tight_layout finds the room."""
    names, rows = [row["unit"] for row in ranking["rows"]], ranking["rows"]
    fig, ax = plt.subplots(figsize=(10.8, ranking["height"] / 100), dpi=100)
    for index in range(0, len(names), 2):
        ax.axhspan(index - 0.5, index + 0.5, color="#f6f8fa", zorder=0)
    left = np.zeros(len(names))
    for number, (item, colour) in enumerate(ranking["items"]):
        lost = np.array([row["lost"][number] for row in rows])
        ax.barh(range(len(names)), lost, left=left, height=0.5, color=colour, label=item)
        left += lost
    ax.set_yticks(range(len(names)), [f"{row['place']}　{row['unit']}" for row in rows], fontsize=20)
    ax.tick_params(length=0)
    ax.invert_yaxis()
    ax.set_xticks([])
    ax.set_xlim(0, left.max() * 1.25)
    for index, row in enumerate(rows):
        ax.text(left.max() * 1.25, index, row["score"], fontsize=23, fontweight="bold", ha="right", va="center")
        for number, tag in enumerate(row["tags"]):
            box = {"boxstyle": "round", "facecolor": "none", "edgecolor": "#5d6b7a"}
            at = left[index] + left.max() * (0.02 + 0.1 * number)
            ax.text(at, index, tag, fontsize=13, va="center", color="#5d6b7a", bbox=box)
    for side in ("top", "right", "bottom", "left"):
        ax.spines[side].set_visible(False)
    fig.suptitle(ranking["title"], fontsize=33, fontweight="bold", color="#17375e", x=0.05, y=0.985, ha="left")
    ax.set_title(f"{ranking['subtitle']}（{ranking['mark']}）", fontsize=21, loc="left", pad=140)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=3, fontsize=15, frameon=False)
    ax.set_xlabel(ranking["as_of"], fontsize=17, loc="left")
    plt.tight_layout()
    out = io.BytesIO()
    plt.savefig(out, format="png")
    plt.close(fig)
    return out.getvalue()


def serve() -> None:
    """Draw until the input ends."""
    for name in ("NotoSansSC-Bold.otf", "NotoSansSC-Regular.otf"):
        font_manager.fontManager.addfont(FONTS / name)
        family = font_manager.FontProperties(fname=FONTS / name).get_name()
    plt.rcParams["font.family"] = [family, "DejaVu Sans"]
    for line in sys.stdin:
        png = plot(json.loads(line))
        sys.stdout.buffer.write(LENGTH.pack(len(png)) + png)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
