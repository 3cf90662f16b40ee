"""Canonical N-Quads at a hundred times the speed: JSON-LD is worked out once for many documents that differ in texts only.

A *template* is what remains of canonicalisation when all but some texts of a document (its *slots*) are known. It is compiled
by putting a sentinel, `urn:x-hexmark-slot:3:`, into each slot, running the slow path (`jsonld.canonical`, with every check)
once, and looking where the sentinels arrive among the quads. After that a document costs a substitution, a few hashes and a
sort. `BadgeTemplate` signs awards of one badge that way; `Shapes` verifies documents of strangers that have been seen before.

Why the bytes are those of the slow path
----------------------------------------
The slow path is a function of the document. Each rule names something that it may depend on, and says why the template
depends on it in the same way. Whatever no rule covers raises `Miss`, and the caller takes the slow path.

1.  *Structure.* Names and order of members, lengths of arrays, numbers, booleans, contexts, types, languages and directions are
    no slots: they are the same in every document of a template. What JSON-LD does with a text depends on them and on rules
    2 to 4 alone. (`leaves`)
2.  *Whole terms.* A text is a slot only if its sentinel arrived, and each time as a whole IRI or as the whole text of a literal.
    Then JSON-LD handed it through as it was. Else (a word of a vocabulary, a language) the text is part of the template.
    A sentinel in a type, a predicate or a datatype is refused. (`compiler`)
3.  *Classes.* JSON-LD and the guards treat all texts of a class alike. IRIs: schemes that no context defines as a term, no
    character that an IRI may not hold, not below the base of relative IRIs. Literals: no noncharacter, no half
    surrogate pair, no blank node's label. A text of another class is a miss. No term of the contexts may itself look like such
    an IRI. (`slots`)
4.  *Equality.* JSON-LD compares texts to join nodes with one id and to drop values said twice. So distinct slots hold distinct
    texts, and none of them the text of another leaf: then every comparison comes out as it did when compiling. (`badge`, `shapes`)
5.  *Sets.* A graph is a set of quads. Should two lines become equal all the same, it is a miss. Lists are more than sets: a document
    that holds one has no template. (`canonical`, `compiler`)
6.  *First degree hashes.* RDFC-1.0, 4.6, hashes a blank node's own quads, other blank nodes being `_:z`. The hash is a constant if
    none of these quads holds a slot; otherwise it is worked out anew. Lines that read the same both stay. (`blank_nodes`)
7.  *Labels.* If all first degree hashes differ, labels are their ranks, and the rest of RDFC-1.0 is never entered (4.4.3, steps 4
    and 5). If two agree, it is a miss. (`blank_nodes`)
8.  *Order.* Lines are sorted by code point. No line has a character below U+0020, so that sorting them with or without their line
    feeds is the same. (`canonical`)
9.  *Sentinels.* A document that holds the sentinels' prefix has no template. (`compiler`)
10. *Guards.* What `guard_context`, `guard_structure` and the check for dropped texts look at are structure, classes and equality; so what
    they said of the compiled document they would say of each. Only documents without a template are asked again. (`shapes`)
11. *Options.* The options of a proof are remembered by all that they say, and so give what they gave. (`shapes`)

Beyond the argument stand three nets: a template must give the slow path's bytes for the document that it was compiled from; a
`Watch` compares one in many results with the slow path and ends the use of templates at the first that differs; and the tests
compare both paths on random documents.

Source: the method is partial evaluation; JSON-LD 1.1 Processing Algorithms, 5 to 8; RDFC-1.0, 4.4 to 4.6.
"""

from hexmark.openbadges.template.badge import BadgeTemplate
from hexmark.openbadges.template.kept import BadgeTemplates
from hexmark.openbadges.template.shapes import Shapes
from hexmark.openbadges.template.slots import Miss, Slot, fill
from hexmark.openbadges.template.watch import Watch

__all__ = ["BadgeTemplate", "BadgeTemplates", "Miss", "Shapes", "Slot", "Watch", "fill"]
