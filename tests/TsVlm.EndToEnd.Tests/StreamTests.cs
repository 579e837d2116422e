using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary><c>tsvlm stream</c>: windows as predict answers to them, and what it refuses.</summary>
public sealed class StreamTests(SmallExperiment experiment) : IDisposable
{
    private static readonly double[][] Values = [[0.5, 1.5, -2, 0.25, 3, 1], [1, 2, 3, 4, 5, 6], [7, 8, 9, 1, 1, 1]];
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Windows_of_a_file_are_answered_as_predict_answers_to_them()
    {
        Write("new.csv", Values);
        Write("windows.csv", [.. from start in (int[])[0, 2] from series in Values select series[start..(start + 4)]]);
        var predicted = await Cli.Run(folder.Path, "predict", "--checkpoint", experiment.RunOf("both"), "--series", "windows.csv");
        var streamed = await Cli.Run(folder.Path, "stream", "--checkpoint", experiment.RunOf("both"), "--series", "new.csv", "--window", "4", "--hop", "2",
            "--interval", "0.5", "--speed", "1000", "--alarm-after", "1");
        Assert.True(streamed.ExitCode == 0, streamed.Error);
        var lines = Lines(streamed.Output);
        Assert.Equal("index,window,start,end,time,label,probability,abstained,alarms,raised,cleared", string.Join(',', lines[0]));
        Assert.Equal(["0,0,0,4,1.5", "1,0,0,4,1.5", "2,0,0,4,1.5", "0,1,2,6,2.5", "1,1,2,6,2.5", "2,1,2,6,2.5"],
            lines.Skip(1).Select(line => string.Join(',', line.Take(5))));
        var expected = Lines(predicted.Output).Skip(1).Select(line => (line[1], line.Skip(2).Max(double.Parse)));
        Assert.Equal(expected, lines.Skip(1).Select(line => (line[5], double.Parse(line[6], null))));
        Assert.All(lines.Skip(1), line => Assert.Equal(("false", line[5]), (line[7], line[8])));

        var one = await Cli.Run(folder.Path, "stream", "--checkpoint", experiment.RunOf("both"), "--series", "new.csv", "--window", "4", "--case", "2");
        Assert.Equal(["2", "0", "0", "4", .. lines[3][5..8]], Lines(one.Output)[1]);
        Assert.Equal(2, Lines(one.Output).Count);
    }

    [Fact]
    public async Task Ctrl_C_stops_a_replay_between_windows()
    {
        Write("long.csv", [[.. Enumerable.Range(0, 2000).Select(t => (double)t)]]);
        using var stream = CliProcess.Start(folder.Path, "stream", "--checkpoint", experiment.RunOf("both"), "--series", "long.csv", "--window", "4",
            "--hop", "1900", "--interval", "0.1", "--speed", "1");
        await stream.WaitForOutput("0,0,0,4,0.3,");
        stream.Interrupt();   // the next window is minutes away
        var result = await stream.End();
        Assert.Equal((130, "Stopped."), (result.ExitCode, result.Error.Trim()));
        Assert.Equal(2, Lines(result.Output).Count);
    }

    [Theory]
    [InlineData("--speed has no effect without --interval", "--window", "4", "--speed", "1")]
    [InlineData("--alarm-classes has no effect without --alarm-after", "--window", "4", "--alarm-classes", "a")]
    [InlineData("alarms.classes: expected classes among", "--window", "4", "--alarm-after", "2", "--alarm-classes", "up")]
    [InlineData("--case: expected a series of new.csv from 0 to 2, found 3", "--window", "4", "--case", "3")]
    [InlineData("Option '--window' is required.")]
    [InlineData("--hop: expected a number from 1 to 10000000, found '0'", "--window", "4", "--hop", "0")]
    public async Task A_replay_that_cannot_be_done_is_refused_with_its_reason(string expected, params string[] arguments)
    {
        Write("new.csv", Values);
        var result = await Cli.Run(folder.Path, ["stream", "--checkpoint", experiment.RunOf("both"), "--series", "new.csv", .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error + result.Output);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, double[][] series) => File.WriteAllLines(folder.File(name),
        [string.Join(',', series[0].Select((_, t) => $"t{t}")), .. series.Select(values => string.Join(',', values.Select(v => FormattableString.Invariant($"{v}"))))]);

    private static List<string[]> Lines(string output) =>
        [.. output.Trim().Split('\n').Select(line => line.Trim().Split(','))];
}
