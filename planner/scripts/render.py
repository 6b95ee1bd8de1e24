"""Scripts: Markdown templates that a person edits, rendered so strictly that no hole reaches a customer.

Templates come from users, so they run in Jinja2's sandbox. What goes into them is data and is printed
as it stands, never read as a template. A placeholder that is unknown, or that has no value, is an error
that names script, language, placeholder and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from planner.errors import SettingsError
from planner.named_services import NamedServices, load_named_services
from planner.scripts.words import BUILT_IN, WORDS_FILE, Words, load_words
from planner.tables import CHANNELS

if TYPE_CHECKING:
    from planner.settings import Settings

SHORT_CHANNELS = ("sms", "messenger")


class Scripts:
    """All scripts of a dealership: the built-in ones, file by file replaced by those of its own folder.

    Raises SettingsError if settings.scripts.folder names no folder.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        own = settings.scripts_path
        if own is not None and not own.is_dir():
            raise SettingsError(f"scripts.folder: no folder {own}; make it, or leave scripts.folder blank")
        self._own = own
        self._roots = [BUILT_IN] if own is None else [own, BUILT_IN]
        self._environments: dict[str, _Environment] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, Words] = {}
        self._why: dict[tuple[str, str], Template] = {}

    @cached_property
    def services(self) -> NamedServices:
        """The services that have a name."""
        return load_named_services(self.settings.service_names_path)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are scripts in, sorted."""
        found = {path.parent.name for root in self._roots for path in root.glob("*/*.md")}
        return tuple(sorted(found))

    def names(self, language: str) -> tuple[str, ...]:
        """The scripts of a language, sorted; blocks are no scripts."""
        if language not in self._names:
            found = {path.stem for root in self._roots for path in (root / language).glob("*.md")}
            self._names[language] = tuple(sorted(found)) if language in self.languages else ()
        return self._names[language]

    def words(self, language: str) -> Words:
        """The words of a language: dates, distances, ordinals; raises SettingsError."""
        if language not in self._words:
            self._known(language)
            self._words[language] = load_words(language, self._own, self.settings.dealership.country)
        return self._words[language]

    def channels(self, script: str, language: str) -> tuple[str, ...]:
        """The channels for which a script is written, from its first line; all if it does not say.

        Raises SettingsError if there is no such script, or it names a channel that there is not.
        """
        template = self._template(script, language)
        source = Path(str(template.filename)).read_text(encoding="utf-8-sig")
        said = re.match(r"\s*\{#\s*channels:\s*([^#]*?)\s*#\}", source)
        if not said:
            return CHANNELS
        named = tuple(part.strip() for part in said[1].split(","))
        wrong = [channel for channel in named if channel not in CHANNELS]
        if wrong:
            place = f"script {script!r} ({language}): line 1"
            raise SettingsError(f"{place}: no channel {wrong[0]!r}; take of {', '.join(CHANNELS)}")
        return named

    def render(self, script: str, language: str, context: Mapping[str, object]) -> str:
        """The script as it is said, sent or printed to this customer; context as of contact_contexts.

        E-mails and letters begin with their subject ('# Subject'); a short message is one paragraph.
        Raises SettingsError naming script, language, placeholder and line.
        """
        template = self._template(script, language)
        text = self._run(template, context, f"script {script!r} ({language})")
        if context.get("channel") in SHORT_CHANNELS:
            return " ".join(text.split())
        return _tidy(text)

    def why(self, script: str, language: str, context: Mapping[str, object]) -> str:
        """Why this customer is contacted now, in one sentence, from the [why] of words.toml."""
        sentences = self.words(language).why
        key = script if script in sentences else "any_other"
        where = f"{language}/{WORDS_FILE}, why.{key}"
        if (language, key) not in self._why:
            try:
                self._why[language, key] = self._environment(language).from_string(sentences[key])
            except TemplateSyntaxError as error:
                raise SettingsError(f"{where}: {error.message}") from None
        return " ".join(self._run(self._why[language, key], context, where).split())

    def problems(
        self, uses: Iterable[tuple[str, str]] = (), marketing: Iterable[tuple[str, str]] = ()
    ) -> list[str]:
        """Everything wrong with the scripts, each as a sentence; an empty list if nothing is.

        `uses`: the (script, channel) pairs of the cycles, which must exist in the dealership's
        language, and be written for that channel in every language that has them;
        `marketing`: those of them that need a way out.
        Every script of every language is rendered for each of its channels: with a full sample row
        and with one that has only what every customer has.
        """
        from planner.scripts.check import problems

        return problems(self, uses, marketing)

    def _known(self, language: str) -> None:
        if language not in self.languages:
            raise SettingsError(
                f"scripts: none in language {language!r}, only in {', '.join(self.languages)}; "
                f"name a folder of yours as scripts.folder and write them in {language}/"
            )

    def _environment(self, language: str) -> _Environment:
        if language not in self._environments:
            self._known(language)
            loaders = [FileSystemLoader(root / language, encoding="utf-8-sig") for root in self._roots]
            self._environments[language] = _Environment(loader=ChoiceLoader(loaders))
        return self._environments[language]

    def _template(self, script: str, language: str) -> Template:
        environment = self._environment(language)
        place = f"script {script!r} ({language})"
        try:
            return environment.get_template(f"{script}.md")
        except TemplateNotFound:
            raise SettingsError(
                f"{place}: there is none; write {language}/{script}.md in the folder that "
                f"scripts.folder names, or take one of {', '.join(self.names(language))}"
            ) from None
        except TemplateSyntaxError as error:
            raise SettingsError(f"{place}: {error.name}, line {error.lineno}: {error.message}") from None
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{place}: cannot be read as UTF-8; save it as UTF-8 text") from None

    def _run(self, template: Template, context: Mapping[str, object], place: str) -> str:
        values = {key: _Empty(name=key) if is_empty(value) else value for key, value in context.items()}
        try:
            return template.render(values)
        except Exception as error:  # whatever a user's template does, it ends as one sentence
            raise SettingsError(f"{place}: {self._line(error)}{_said(error)}") from None

    def _line(self, error: BaseException) -> str:
        """'service_call.md, line 3: ' of the innermost template that the error went through."""
        if isinstance(error, TemplateSyntaxError):
            return f"{error.name}, line {error.lineno}: "
        place = ""
        trace = error.__traceback__
        while trace:
            path = Path(trace.tb_frame.f_code.co_filename)
            for root in self._roots:
                if path.is_relative_to(root):
                    inside = Path(*path.relative_to(root).parts[1:])
                    if path.suffix == ".md":
                        place = f"{inside.as_posix()}, line {trace.tb_lineno}: "
            trace = trace.tb_next
        return place


def split_subject(text: str) -> tuple[str, str]:
    """(subject, body) of a rendered e-mail or letter: the first line if it is '# Subject', else ''.

    >>> split_subject("# Your service\\n\\nDear Ann,")
    ('Your service', 'Dear Ann,')
    """
    first, _, rest = text.partition("\n")
    return (first[2:].strip(), rest.lstrip("\n")) if first.startswith("# ") else ("", text)


def is_empty(value: object) -> bool:
    """Nothing to print: None, NaN, NaT, <NA>, blank text, an empty list."""
    if isinstance(value, str):
        return not value.strip()
    if value is None or isinstance(value, bool):
        return value is None
    if isinstance(value, list | tuple | dict):
        return not value
    return pd.isna(value) is True  # type: ignore[call-overload]


def _tidy(text: str) -> str:
    """No trailing blanks, one blank line at most, none between the points of a list."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    text = re.sub(r"\n{3,}", "\n\n", text)
    return re.sub(r"^( *- .*)\n\n(?= *- )", r"\1\n", text, flags=re.MULTILINE)


class _Empty(StrictUndefined):
    """A known placeholder without a value: {% if it %} is no, anything else is an error."""

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        return f"placeholder {name!r} has no value here; put it in {{% if {name} %}}"

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class _Unknown(StrictUndefined):
    @property
    def _undefined_message(self) -> str:
        if self._undefined_obj is missing:
            return f"unknown placeholder {self._undefined_name!r}"
        return super()._undefined_message


def _printed(value: object) -> object:
    if is_empty(value):
        raise UndefinedError("a placeholder without a value is printed here")
    return value


def _said(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"no block {error.name!r}"
    if isinstance(error, RecursionError):
        return "it includes itself"
    if isinstance(error, TemplateError):
        return str(error)
    return f"cannot be rendered ({type(error).__name__})"  # its text might hold a customer's data


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, without Jinja's global functions and without multiplied texts."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, loader: ChoiceLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=_Unknown,
            finalize=_printed,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            auto_reload=False,
            extensions=[_TagsOnOwnLine],
        )
        self.globals.clear()

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"{operator} is not for scripts")


class _TagsOnOwnLine(Extension):
    """A line of nothing but {% if %} and the like leaves no blank line; every other line end stays.

    Jinja's trim_blocks eats the line end after *every* tag, so that a text after '{% endif %}' or an
    {% include %} would stick to the line before. Lines keep their numbers.
    """

    _alone = re.compile(r"\s*\{%[-+]?\s*(if|elif|else|endif|for|endfor|set)\b((?!%\}).)*%\}\s*")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        lines = source.split("\n")
        return "\n".join(line if self._alone.fullmatch(line) else _keep_end(line) for line in lines)


def _keep_end(line: str) -> str:
    return re.sub(r"(?<![-+])%\}[ \t\r]*$", "+%}", line)
