"""A disk whose power can be cut: an ext4 image on XFS, a reflink copy of which is what one instant left."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import needs

WHY = "mounts disk images to cut their power"


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@contextmanager
def _mounted(image: Path, place: Path) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", image, place)
    try:
        yield place
    finally:
        # A loop device that was just let go is busy for a moment more.
        _run("umount", "--lazy", place)


class Disk:
    """Hold the image that is in use, mounted at `place`; what is written there and not flushed a cut takes away."""

    def __init__(self, images: Path, place: Path) -> None:
        self._images = images
        self._cuts = 0
        self.place = place
        self._image = images / "disk0"

    def make(self, size: str) -> None:
        """Make an empty disk of a size and mount it."""
        _run("truncate", "-s", size, self._image)
        _run("mkfs.ext4", "-q", "-F", self._image)
        self.place.mkdir()
        _run("mount", "-o", "loop", self._image, self.place)

    def cut(self) -> None:
        """Keep the disk as it is in this instant; who works on it goes on, and writes what nobody will see again."""
        self._cuts += 1
        _run("cp", "--reflink=always", self._image, self._images / f"disk{self._cuts}")

    def power_on(self) -> None:
        """Mount what the last cut kept in the place of what went on; nobody may be at work there any more."""
        _run("umount", self.place)
        self._image.unlink()
        self._image = self._images / f"disk{self._cuts}"
        _run("mount", "-o", "loop", self._image, self.place)

    @contextmanager
    def as_cut(self) -> Iterator[Path]:
        """Mount what the last cut kept beside the disk, which goes on, and drop it after a look."""
        image = self._images / f"disk{self._cuts}"
        with _mounted(image, self.place.with_name("cut")) as place:
            yield place
        image.unlink()

    def remove(self) -> None:
        """Unmount the disk, if it is mounted."""
        subprocess.run(["umount", "--lazy", str(self.place)], check=False, capture_output=True)


@contextmanager
def disk(folder: Path, size: str = "400M") -> Iterator[Disk]:
    """Make a disk whose power can be cut; leaves the test out where nobody may mount one."""
    needs.root(WHY)
    needs.program("mkfs.xfs")
    if not Path("/dev/loop-control").exists():
        needs.leave_out(f"no loop devices: {WHY}")
    below = folder / "below.img"
    _run("truncate", "-s", "4G", below)
    _run("mkfs.xfs", "-q", "-m", "reflink=1", below)
    with _mounted(below, folder / "below") as images:
        made = Disk(images, folder / "disk")
        try:
            made.make(size)
            yield made
        finally:
            made.remove()
