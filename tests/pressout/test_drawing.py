"""Writing SVG."""

from hexmark.pressout.drawing import Drawing, attributes_text, opaque


def test_equal_definitions_are_written_once():
    drawing = Drawing("x")
    first = drawing.linear((0, 0), (1, 1), opaque([(0, "#000000"), (1, "#ffffff")]))
    second = drawing.linear((0, 0), (1, 1), opaque([(0, "#000000"), (1, "#ffffff")]))
    assert first == second == "url(#x0)"
    assert len(drawing.definitions) == 1


def test_different_definitions_have_different_identifiers():
    drawing = Drawing("x")
    stops = opaque([(0, "#000000"), (1, "#ffffff")])
    assert drawing.linear((0, 0), (1, 1), stops) != drawing.linear((0, 0), (1, 1), stops, repeat=True)
    assert drawing.shape("M0 0Z") != drawing.shape("M1 1Z")


def test_two_drawings_do_not_share_identifiers():
    assert Drawing("a").shape("M0 0Z") != Drawing("b").shape("M0 0Z")


def test_opacity_is_written_only_where_it_is_less_than_one():
    drawing = Drawing("x")
    drawing.radial((0, 0), 5, [(0, "#ffffff", 0.25), (1, "#000000", 1.0)])
    assert drawing.definitions[0].count("stop-opacity") == 1


def test_a_repeating_gradient_says_so():
    drawing = Drawing("x")
    drawing.linear((0, 0), (0, 9), opaque([(0, "#ffffff"), (1, "#ffffff")]), repeat=True)
    assert 'spreadMethod="repeat"' in drawing.definitions[0]


def test_attributes_are_hyphenated_and_rounded():
    assert attributes_text({"stroke_width": 0.60004, "fill": "none"}) == ' stroke-width="0.6" fill="none"'


def test_title_and_description_are_escaped(read):
    root = read(Drawing("x").document(title="R&D <lead>", description='"5 > 4"'))
    assert [child.text for child in root][:2] == ["R&D <lead>", '"5 > 4"']


def test_the_picture_is_labelled_by_its_title_and_description(read):
    root = read(Drawing("x").document(title="A", description="B"))
    labels = {child.get("id") for child in root if child.tag.endswith(("title", "desc"))}
    assert set(root.get("aria-labelledby", "").split()) == labels
    assert root.get("role") == "img"


def test_groups_clip_what_is_drawn_in_them(read):
    drawing = Drawing("x")
    drawing.group(clip_path=drawing.clip("M0 0H9V9Z"))
    drawing.path("M0 0H1V1Z", "#123456", stroke_width=2)
    drawing.end_group()
    root = read(drawing.document(title="A", description="B"))
    group = next(child for child in root if child.tag.endswith("g"))
    assert group.get("clip-path") == "url(#x0)"
    assert group[0].attrib == {"d": "M0 0H1V1Z", "fill": "#123456", "stroke-width": "2"}
