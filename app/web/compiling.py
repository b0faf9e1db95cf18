"""Jinja made quicker where our pages are slow in it, in ways that change nothing in what they say.

A page is made of many small templates. Jinja gives each of them a context of its own every time it is included, looks
up again what it imports, and hands every piece of text up through all of them: most of a page's time went into that.
Here a template that is included becomes a part of the one that includes it, when that is compiled.
"""

import re
from keyword import iskeyword
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.web.pieces import PIECES, is_piece

needs_escaping = re.compile("[&<>'\"]").search


def escaped(value: Any) -> str:
    """As `markupsafe.escape`, but plain text where it can be: what a template puts out is only joined."""
    kind = type(value)
    if kind is Markup or (kind is str and needs_escaping(value) is None):
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int else escape(value)


class Inlining(NodeTransformer):
    """Puts a template in the place where it is included. In an error's traceback its lines are the include's line."""

    def __init__(self, environment: "PageEnvironment") -> None:
        self.environment = environment

    def visit_Include(self, include: nodes.Include) -> nodes.Node:  # noqa: N802 - named by Jinja
        if not isinstance(include.template, nodes.Const) or include.ignore_missing or not include.with_context:
            return include
        included = self.environment.parsed(include.template.value)
        included.set_lineno(include.lineno, override=True)
        return nodes.Scope(included.body, lineno=include.lineno)

    def visit_Output(self, output: nodes.Output) -> nodes.Node:  # noqa: N802
        """`{{ a if b }}` puts out nothing where b is false, without making an object that says why."""
        for shown in output.nodes:
            if isinstance(shown, nodes.CondExpr) and shown.expr2 is None:
                shown.expr2 = nodes.Const("", lineno=shown.lineno)
        return self.generic_visit(output)


class Generator(CodeGenerator):
    def visit_Scope(self, node: nodes.Scope, frame: Frame) -> None:  # noqa: N802
        """Text of the outermost is collected, and handed up in one piece."""
        if frame.buffer is not None:
            super().visit_Scope(node, frame)
            return
        collecting = frame.inner()
        collecting.symbols.analyze_node(node)
        self.enter_frame(collecting)
        self.buffer(collecting)
        self.blockvisit(node.body, collecting)
        self.simple_write(f"concat({collecting.buffer})", frame)
        self.leave_frame(collecting)

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:  # noqa: N802
        """A piece is rendered in its place, where it is not kept: no macro is made of it first."""
        if not is_piece(node):
            super().visit_CallBlock(node, frame)
            return
        key, text = self.temporary_identifier(), self.temporary_identifier()
        self.writeline(f"{key} = ", node)
        self.visit(node.call.args[0], frame)
        self.writeline(f"{text} = environment.pieces.kept({key})")
        self.writeline(f"if {text} is None:")
        self.indent()
        collecting = frame.inner()
        collecting.symbols.analyze_node(node)
        self.enter_frame(collecting)
        self.buffer(collecting)
        self.blockvisit(node.body, collecting)
        self.writeline(f"{text} = environment.pieces.keep({key}, concat({collecting.buffer}))")
        self.leave_frame(collecting)
        self.outdent()
        self.simple_write(text, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A macro or a method, `ui.icon(...)`, is called directly: only functions are handed the context."""
        is_plain = isinstance(node.node, nodes.Getattr) and not (forward_caller or node.dyn_args or node.dyn_kwargs)
        if not is_plain or any(iskeyword(keyword.key) for keyword in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context:
            super()._import_common(node, frame)
        else:
            self.write("environment.module(")
            self.visit(node.template, frame)
            self.write(")")


class PageEnvironment(Environment):
    code_generator_class = Generator
    escaped = staticmethod(escaped)
    pieces = PIECES

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._modules: dict[str, TemplateModule] = {}

    def module(self, name: str) -> TemplateModule:
        """What can be imported from a template, which is always the same."""
        if name not in self._modules:
            self._modules[name] = self.get_template(name).module
        return self._modules[name]

    def parsed(self, name: str) -> nodes.Template:
        assert self.loader is not None
        source, filename, _ = self.loader.get_source(self, name)
        return self._parse(source, name, filename)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template: nodes.Template = Inlining(self).visit(super()._parse(source, name, filename))
        return template
