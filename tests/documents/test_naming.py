"""The name under which a file is kept and sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.kinds import Media
from documents.naming import file_name, visible


@pytest.mark.parametrize(
    ("said", "media", "name"),
    [
        ("民警业务考核细则（试行）.pdf", Media.PDF, "民警业务考核细则（试行）.pdf"),
        ("2.1项 台账.PDF", Media.PDF, "2.1项 台账.pdf"),
        ("细则", Media.DOCX, "细则.docx"),
        ("细则.hta", Media.PDF, "细则.pdf"),
        ("x.pdf     .scr", Media.PDF, "x.pdf"),
        ("x.exe.pdf", Media.PDF, "x_exe.pdf"),
        ("细则\u202excod.exe", Media.DOCX, "细则xcod.docx"),
        ("细\u200b则\ufeff.docx", Media.DOCX, "细则.docx"),
        ("../../../etc/cron.d/x.pdf", Media.PDF, "x.pdf"),
        ("C:\\Users\\x\\细则.doc", Media.DOC, "细则.doc"),
        ("a\r\nb\x1b[31m.txt", Media.TEXT, "a b[31m.txt"),
        ("x.pdf. . ", Media.PDF, "x.pdf"),
        ("x\uff0eexe", Media.PNG, "x.png"),
        ("CON.pdf", Media.PDF, "_CON.pdf"),
        ("lpt1.a.pdf", Media.PDF, "lpt1_a.pdf"),
        ('a<b>:"|?*.txt', Media.TEXT, "a_b.txt"),
        (".pdf", Media.PDF, "文件.pdf"),
        ("", Media.JPEG, "文件.jpg"),
        ("...", Media.ZIP, "文件.zip"),
        ("很" * 300 + ".pdf", Media.PDF, "很" * 60 + ".pdf"),
        ("𠀀" * 60 + ".pdf", Media.PDF, "𠀀" * 45 + ".pdf"),
    ],
)
def test_a_name_means_nothing_but_itself(said, media, name):
    assert file_name(said, media) == name


@given(st.text(max_size=80), st.sampled_from(Media))
def test_any_name_becomes_a_safe_one_and_stays_as_it_is_then(said, media):
    name = file_name(said, media)
    stem, _, extension = name.rpartition(".")
    assert extension == media.value
    assert stem and stem == stem.strip(" .")
    assert not set(name) & set('/\\<>:"|?*')
    assert visible(name) == name
    assert len(name.encode()) <= 200
    assert file_name(name, media) == name
