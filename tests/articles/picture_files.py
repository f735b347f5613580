"""Pictures made for the tests, good and hostile, as bytes."""

import io
import struct
import zlib

import PIL.Image
from django.core.files.uploadedfile import SimpleUploadedFile


def picture(width=800, height=600, file_format="JPEG", mode="RGB", colour=(200, 30, 30), **options):
    target = io.BytesIO()
    PIL.Image.new(mode, (width, height), colour).save(target, file_format, **options)
    return target.getvalue()


def upload(data, name="bild.jpg"):
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def photo_with_metadata(*, credit="Foto: Käthe Beispiel", caption="Start in Sakhir", orientation=6):
    """A camera's picture: lying on its side, with place, author, caption and an embedded thumbnail's address."""
    left, right = PIL.Image.new("RGB", (400, 300), "red"), PIL.Image.new("RGB", (400, 300), "blue")
    scene = PIL.Image.new("RGB", (800, 300))
    scene.paste(left, (0, 0))
    scene.paste(right, (400, 0))
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = caption.encode()
    exif[0x013B] = credit.encode()
    exif.get_ifd(0x8825)[2] = (26.0, 1.0, 57.0)
    target = io.BytesIO()
    scene.save(target, "JPEG", exif=exif, comment=b"geheimer Kommentar")
    return target.getvalue()


def photo_with_iptc(caption, credit):
    """A JPEG whose Photoshop block holds IPTC fields 2:120 and 2:110, given as bytes."""
    fields = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
        for number, value in ((120, caption), (110, credit))
    )
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(fields)) + fields + b"\x00" * (len(fields) % 2)
    segment = b"Photoshop 3.0\x00" + block
    data = picture()
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
