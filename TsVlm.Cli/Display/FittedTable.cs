using Spectre.Console;
using Spectre.Console.Rendering;

namespace TsVlm.Cli.Display;

/// <summary>A column of a <see cref="FittedTable"/>.</summary>
/// <param name="Header">Its name.</param>
/// <param name="IsNumber">Whether its cells stand at the right.</param>
/// <param name="IsOptional">Whether it may be left out where the terminal is narrow, since its values are elsewhere too.</param>
internal sealed record FittedColumn(string Header, bool IsNumber = false, bool IsOptional = false);

/// <summary>
/// A table that never cuts a name or a number. Where the terminal is too narrow it leaves out optional columns, the last first; where that
/// is not enough, each row becomes a few lines: its first cell, and below it the others with their columns' names.
/// </summary>
/// <param name="columns">The columns; the first names the row.</param>
internal sealed class FittedTable(params IReadOnlyList<FittedColumn> columns)
{
    /// <summary>Width of what is no terminal: nothing is broken or cut there.</summary>
    public const int UnboundedWidth = 100_000;

    private const string Indent = "  ";
    private const string Between = " · ";
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row of cells in Spectre's markup; none for a line that sets rows apart.</summary>
    public void AddRow(params string[] cells) => rows.Add(cells);

    /// <summary>Writes the table as the width of the console allows.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="beforeOutput">Called when the table is laid out, which takes seconds for thousands of rows, and nothing is written yet.</param>
    /// <returns>Names of the columns that were left out.</returns>
    public IReadOnlyList<string> Write(IAnsiConsole console, Action? beforeOutput = null)
    {
        var widths = columns.Select((column, i) => rows.Where(row => row.Length > 0).Select(row => WidthOf(row[i]))
            .Append(column.Header.Length).Max()).ToList();
        var shown = Enumerable.Range(0, columns.Count).ToList();
        while (Total() > console.Profile.Width && shown.FindLastIndex(i => columns[i].IsOptional) is >= 0 and var last)
            shown.RemoveAt(last);
        if (Total() > console.Profile.Width)
        {
            beforeOutput?.Invoke();
            foreach (var row in rows) WriteStacked(console, row);
            return [];
        }
        var table = new LaidOut(Build(shown), console);
        beforeOutput?.Invoke();
        console.Write(table);
        return [.. Enumerable.Range(0, columns.Count).Except(shown).Select(i => columns[i].Header)];

        int Total() => shown.Sum(i => widths[i] + 3) + 1;   // a blank at each side, and a line
    }

    /// <summary>A renderable that is laid out once, ahead of its output.</summary>
    private sealed class LaidOut(IRenderable content, IAnsiConsole console) : Renderable
    {
        private readonly IReadOnlyList<Segment> segments =
            [.. content.Render(RenderOptions.Create(console, console.Profile.Capabilities), console.Profile.Width)];

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }

    private Table Build(IReadOnlyList<int> shown)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in shown.Select(i => columns[i]))
        {
            var side = column.IsNumber ? Justify.Right : Justify.Left;
            table.AddColumn(new TableColumn(Markup.Escape(column.Header)) { NoWrap = true, Alignment = side });
        }
        foreach (var row in rows)
        {
            if (row.Length == 0) table.AddEmptyRow();
            else table.AddRow([.. shown.Select(i => (IRenderable)new Markup(row[i]))]);
        }
        return table;
    }

    /// <summary>Pairs of column and cell, as many on a line as it takes.</summary>
    private void WriteStacked(IAnsiConsole console, string[] row)
    {
        if (row.Length == 0) return;
        console.Profile.Out.Writer.Flush();
        WriteLine(console, row[0]);
        var (line, width) = ("", 0);
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i].Length == 0) continue;
            var pair = $"[grey]{Markup.Escape(columns[i].Header)}[/] {row[i]}";
            var length = columns[i].Header.Length + 1 + WidthOf(row[i]);
            if (width > 0 && Indent.Length + width + Between.Length + length > console.Profile.Width)
            {
                WriteLine(console, Indent + line);
                line = "";
                width = 0;
            }
            (line, width) = width == 0 ? (pair, length) : (line + Between + pair, width + Between.Length + length);
        }
        if (width > 0) WriteLine(console, Indent + line);
    }

    /// <summary>A name that is longer than the line goes on at the next, whole.</summary>
    private static void WriteLine(IAnsiConsole console, string markup) => console.MarkupLine(markup);

    private static int WidthOf(string markup) => Markup.Remove(markup).GetCellWidth();
}
