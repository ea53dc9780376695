"""Known mistakes: wrong functions that run, each with the words a student reads about it.

Ids never change. Letters after the number distinguish faults of one kind; the words of each say which it is. A number
that is not listed was never used, or its fault looks like another's: the modules say which.

In sliding, padding, adding and storing, the same number in every function:

    M1  kernel flipped both ways        M15 square sizes taken for granted  M30 one slice for every channel
    M2  kernel mirrored along one axis  M16 half the kernel each side       M31 mean over the channels
    M3  kernel transposed               M17 odd padding before the image    M32 channels and filters swapped
    M4  rows and columns swapped        M18 stride left out of padding      M33 reshaped, not transposed
    M5  matrix product                  M20 padded to keep the size         M34 channels in reverse
    M6  mean instead of sum             M21 that, and one too many          M35 bias added with each product
    M7  last window missing             M22 padding of the axes swapped     M36 bias added for each channel
    M8  windows past the edge           M23 every axis or side padded       M37 bias missing or not its own
    M9  strides not used in the index   M24 edge repeated, mirrored, round  M38 activation too early
    M10 one axis moves by one pixel     M25 result padded, not image        M39 total not reset
    M11 strides swapped                 M26 cut from the unpadded image     M40 first or last one everywhere
    M12 first window too late           M27 minus zero as a slice's end     M41 numbers wrap at 256
    M13 size rounded up                 M28 only channel 0                  M42 fractions cut off
    M14 size rounded towards zero       M29 channels not added up           M43 inputs changed

In windows, results and what is chosen of them:

    M44 window as long as the stride    M48 last or one more row in it      M52 limited to 0..255
    M45 stride added, not multiplied    M49 image not chosen                M53 stretched to 0..255
    M46 stride used twice               M50 channel not chosen              M54 divided by the weights' sum
    M47 stored at the image's pixel     M51 absolute values                 M55 divided by the largest

Of pooling alone:

    P1  strides default to 1      P5  padding counted in the mean  P9  first or last pixel taken
    P2  channels pooled or mixed  P6  division without fraction    P10 axes of a reshape mixed up
    P3  padding with 0 can win    P7  divided by a wrong number    P11 other summary of the window
    P4  maximum starts at 0       P8  leftover pixels kept         P12 wrong axes
    P13 size from the pool alone

In counting and shapes:

    C1  parameters of a layer  C2  receptive field  C3  span of a dilated kernel

Seen in public solutions and in class, and fixes that stop halfway:

    F1  starter not filled in          F35 batch left out                 F65 filters put first
    F2  returns inside the loop        F36 unknown name let through       F66 maps of all filters added
    F3  adds along one axis            F37 identity matrix as kernel      F67 activation not read
    F4  products not added             F38 other weights than asked for   F68 activates without being asked
    F5  size written into the code     F39 signs or sides reversed        F69 first filter everywhere
    F6  square images only             F40 nothing refused                F70 window axes left at the end
    F7  sizes of the window swapped    F41 refuses what fits              F71 axes moved with reshape
    F8  border left zero               F42 same rounded down              F72 all filters added
    F9  output not shrunk              F43 one added to round up          F73 cells of windows swapped
    F10 padded without being asked     F44 dilation not read              F74 windows cut channels first
    F11 windows side by side           F45 divided too early or too late  F75 filters cut filter first
    F12 kernel turned by 90 degrees    F46 not rounded                    F76 product cut filter first
    F13 total overwritten              F47 stride not in the size         F80 pooling divides channels
    F14 adds where it multiplies       F48 even kernel one short          F81 convolution keeps channels
    F15 adds first, multiplies last    F49 both sides rounded alike       F82 flatten forgets channels
    F16 negative numbers cut off       F50 value of the frame not read    F83 dense keeps what was before
    F17 strides not read               F51 all padding on one side        F84 every layer gets the input
    F18 one stride for both axes       F52 total not halved               F85 the input listed, too
    F19 padding not read               F53 padding below zero             F86 only the last layer returned
    F20 only the first image           F54 right where stride divides n   F87 sizes below 1 not refused
    F21 axes of channels first         F55 sides or axes mixed up         F88 receptive field starts at 0
    F22 pools the batch too            F56 kernel's evenness taken        F89 output stepped through, too
    F23 keepdims not read              F57 frame over the image           F90 bias added to the weights
    F24 axes always kept               F58 height's padding for both      F91 zero pixels not counted
    F25 kept axes at the end           F59 1 written into the padding     F92 all padding at the end
    F30 order or wrong array reversed  F60 both sides rounded up          F93 half rounded to an even number
    F31 channels at a wrong place      F61 both sides rounded down        F94 bias added for each image
    F32 channels moved the other way   F62 both sides one too many        F95 activates only with a bias
    F33 given back as it was           F63 all padding at the end         F96 last window of a stride wins
    F34 overwritten while still read   F64 stride not in output size      F97 index -i, not -1 - i
                                                                          F98 only the input channels first

In networks:

    N1  sign dropped             N12 bias among the weights      N23 logarithm returned
    N2  comparison returned      N13 weights reshaped            N24 powers of two
    N3  wrong side kept          N14 images share one whole      N25 activation forgotten
    N4  cut at one               N15 one sum for everything      N26 pooling strides left out
    N5  rest below zero          N16 powers too large            N27 probabilities for scores
    N6  channel after channel    N17 one largest for all         N28 activation after the pooling
    N7  channels kept apart      N18 powers left out             N29 average pooling left out
    N8  mean of each channel     N19 sum not divided by          N30 last layer left out
    N9  first axis fastest       N20 smallest score first        N31 digits for scores
    N10 axes of rows swapped     N21 each score alone            N32 pixels divided again
    N11 activation not asked for N22 all for the largest

In gradients, and with dilation and groups:

    N33 kernel flipped going back    N44 all largest get it      N55 gradient not passed on
    N34 overlap not added up         N45 last largest gets it    N56 dilation of axes swapped
    N35 divided by the images        N46 shared by all cells     N57 width not dilated
    N36 filters of one image         N47 multiplied by the pixel N58 height not dilated
    N37 bias of all filters          N48 first cell gets it      N59 padding of plain kernel
    N38 padding not cut off          N49 largest of all channels N60 channels of groups dealt
    N39 images and filters swapped   N50 gradient not passed on  N61 first channels for all
    N40 gradient of filters flipped  N51 sign of pixels dropped  N62 first filters for all
    N41 bias gets ones               N52 not divided             N63 groups added up
    N42 wrong sign                   N53 largest cell gets it    N64 groups in reverse
    N43 shared by the largest        N54 multiplied by the pixel N65 filters of groups dealt
                                                                 N66 weights turned
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from solutions.faults.around import Around, Function


@dataclass(frozen=True)
class Mistake:
    """A wrong function of a student's signature, and the words that lead back to the right one.

    Attributes:
        id: a lasting name, such as "M7", unique among the mistakes of one function.
        name: two to five words.
        function: the wrong function; it may raise where code with this fault does.
        says: what was done and what to do instead, in one or two sentences.
        read_again: notebook and heading.
        convention: right by another course's or library's convention, but not here.
        over: makes the same mistake around another function of this signature; None if it is made in the middle.
    """

    id: str
    name: str
    function: Function
    says: str
    read_again: str
    convention: bool = False
    over: Callable[[Function], Function] | None = None


def with_words(functions: Mapping[str, Function | Around], words: str) -> tuple[Mistake, ...]:
    """Join wrong functions, by id, with a table of what students read about them.

    Args:
        functions: the wrong function of each id.
        words: a paragraph for each id, with an empty line between two: "id | name | notebook NN, heading", and
            " | convention" behind it if it is one, then in the lines below it what is said.

    Returns:
        The mistakes, in the order of the words.

    Raises:
        ValueError: a function has no words, words have no function, an id has words twice, or something else than
            "convention" stands behind a heading.
    """
    paragraphs: dict[str, str] = {}
    for paragraph in words.strip().split("\n\n"):
        id_ = paragraph.split(" | ", maxsplit=1)[0]
        if id_ in paragraphs:
            raise ValueError(f"with_words: {id_} has words twice. Rename one.")
        paragraphs[id_] = paragraph
    if odd := paragraphs.keys() ^ functions.keys():
        raise ValueError(f"with_words: {sorted(odd)} are in one table only. Add them to the other.")
    return tuple(_mistake(functions[id_], paragraph) for id_, paragraph in paragraphs.items())


def with_function(mistake: Mistake, wrong: Function | Around) -> Mistake:
    """The same mistake, in the same words, made in another function."""
    if isinstance(wrong, Around):
        return replace(mistake, function=wrong.function, over=wrong.over)
    return replace(mistake, function=wrong, over=None)


def _mistake(wrong: Function | Around, paragraph: str) -> Mistake:
    head, *lines = paragraph.splitlines()
    id_, name, place, *kind = head.split(" | ")
    if kind not in ([], ["convention"]):
        raise ValueError(f"with_words: {id_} ends in {kind[0]!r}. End it in 'convention' or in its heading.")
    notebook, heading = place.split(", ", maxsplit=1)
    function, over = (wrong.function, wrong.over) if isinstance(wrong, Around) else (wrong, None)
    return Mistake(id_, name, function, " ".join(lines), f'{notebook}, "{heading}"', bool(kind), over)
