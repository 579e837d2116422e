using Spectre.Console;
using TsVlm.Cli.Display;

namespace TsVlm.Cli.Tests.Display;

public class FittedTableTests
{
    private const string LongName = "BASELINE_2048_adaptive_ds_plot_ds";

    [Fact]
    public void A_table_that_fits_is_drawn_whole()
    {
        var text = Write(140, out var leftOut);
        Assert.Empty(leftOut);
        Assert.Contains("│ " + LongName + " │", text);
        Assert.Contains("samples/s", text);
    }

    [Fact]
    public void A_narrow_terminal_loses_optional_columns_and_no_part_of_a_name()
    {
        var text = Write(68, out var leftOut);
        Assert.Equal(["train s", "samples/s"], leftOut);
        Assert.Contains(LongName, text);
        Assert.DoesNotContain("…", text);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 68));
    }

    [Fact]
    public void Rows_are_stacked_where_the_columns_that_must_stay_do_not_fit()
    {
        var text = Write(40, out var leftOut);
        Assert.Empty(leftOut);
        Assert.Equal(
            $"{LongName}\n  accuracy 0.910 · balanced 0.905\n  train s 12.5 · samples/s 31.4\nboth\n  accuracy 0.800 · balanced 0.795\n  train s 10.0 · samples/s 30.0\n", text);
    }

    [Fact]
    public void A_pipe_gets_names_of_any_length_on_one_line()
    {
        var name = new string('n', 500);
        var table = new FittedTable(new("scenario"), new("accuracy", IsNumber: true));
        table.AddRow(name, "1");
        using var output = new StringWriter();
        table.Write(ConsoleOf(output, FittedTable.UnboundedWidth));
        Assert.Contains($"│ {name} │        1 │", output.ToString());
    }

    [Theory]
    [InlineData(140)]
    [InlineData(10)]
    public void The_head_of_a_table_is_asked_for_once_and_before_any_output(int width)
    {
        var table = new FittedTable(new("scenario"), new("accuracy", IsNumber: true));
        table.AddRow("both", "1");
        using var output = new StringWriter();
        var written = new List<string>();
        table.Write(ConsoleOf(output, width), () => written.Add(output.ToString()));
        Assert.Equal([""], written);
        Assert.Contains("both", output.ToString());
    }

    private static string Write(int width, out IReadOnlyList<string> leftOut)
    {
        var table = new FittedTable(
            new("scenario"), new("accuracy", IsNumber: true), new("balanced", IsNumber: true), new("train s", true, IsOptional: true),
            new("samples/s", true, IsOptional: true));
        table.AddRow(LongName, "[bold]0.910[/]", "0.905", "12.5", "31.4");
        table.AddRow();
        table.AddRow("both", "0.800", "0.795", "10.0", "30.0");
        using var output = new StringWriter();
        leftOut = table.Write(ConsoleOf(output, width));
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static IAnsiConsole ConsoleOf(TextWriter output, int width)
    {
        var console = AnsiConsole.Create(
            new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
