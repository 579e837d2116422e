using System.CommandLine;
using TsVlm.Cli.Display;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Results;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Windows;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm stream</c>: replays recorded series through a trained model, window by window.</summary>
internal static class StreamCommand
{
    private const int MaxSteps = 10_000_000;

    public static Command Create()
    {
        var checkpoint = new Option<string>("--checkpoint")
        {
            HelpName = "DIR", Required = true, Description = "A run's folder (tsvlm-out/runs/RUN), or a checkpoint's own.",
        };
        var file = new Option<string>("--series")
        {
            HelpName = "FILE", Required = true, Description = "Series as .ts, .tsv, .arff, .txt or .csv, each a stream; labels in it are ignored.",
        };
        var number = NumberOptions.Whole("--case", "Replays this series of the file alone, counted from 0.", 0, int.MaxValue);
        var window = NumberOptions.Whole("--window", "Time steps of a window; required.", 1, MaxSteps);
        window.Required = true;
        var hop = NumberOptions.Whole("--hop",
            "Time steps from the start of a window to that of the next; a window's length where it is not given.", 1, MaxSteps);
        var interval = NumberOptions.Real("--interval", "Seconds from a step to the next as recorded.", 1e-6, 1e6);
        var speed = NumberOptions.Real("--speed",
            "Speed of the replay: 1 as recorded, 10 ten times as fast, 0 as fast as windows are answered.", 0, 0, 1e6);
        var minConfidence = NumberOptions.Real("--min-confidence", "Windows whose highest probability is lower abstain.", 0, 0, 1);
        var after = NumberOptions.Whole("--alarm-after", "Raises the alarm of a class after N consecutive windows of it that do not abstain.", 1,
            WindowSettings.MaxConsecutive);
        var clearAfter = NumberOptions.Whole("--alarm-clear-after", "Clears it after N consecutive windows without the class.", 1, 1,
            WindowSettings.MaxConsecutive);
        var classes = SharedOptions.List("--alarm-classes", "A,B", "Classes that have an alarm; all where none are named.");
        var (device, rawCsv) = (SharedOptions.Device(), SharedOptions.RawCsv());
        var command = new Command("stream",
            "Replays series as streams of samples: cuts them into windows, and prints a line of CSV for each window when it is answered, as tsvlm serve\n"
            + "answers to streams.\n\n"
            + "Examples:\n  tsvlm stream --checkpoint tsvlm-out/runs/CBF.official-0.s0.probe.1a2b3c4d --series new.csv --window 128 --hop 32\n"
            + "  tsvlm stream --checkpoint RUN --series pump.csv --case 0 --window 500 --hop 100 --interval 0.01 --speed 1 --alarm-after 3")
        {
            checkpoint, file, number, window, hop, interval, speed, minConfidence, after, clearAfter, classes, device, rawCsv,
        };
        SharedOptions.RefuseWithout(command, interval, speed);
        SharedOptions.RefuseWithout(command, after, clearAfter, classes);
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = new WindowSettings
            {
                Window = parsed.GetValue(window)!.Value,
                Hop = parsed.GetValue(hop) ?? parsed.GetValue(window)!.Value,
                MinConfidence = parsed.GetValue(minConfidence),
                Alarms = parsed.GetValue(after) is { } raise
                    ? new(raise, parsed.GetValue(clearAfter), parsed.GetValue(classes) is { Length: > 0 } named ? named : null) : null,
            }.Checked(MaxSteps);
            var (first, series) = Series(parsed.GetValue(file)!, parsed.GetValue(number));
            foreach (var one in series.Where(one => one.Series.Length < settings.Window))
                Console.Error.WriteLine($"{one.Place}: it has {one.Series.Length} steps, fewer than a window, and is not answered.");
            using var classifier = await SeriesClassifier.Open(parsed.GetValue(checkpoint)!, ComputeDevice.Open(parsed.GetValue(device)!),
                cancellationToken);
            settings.CheckClasses(classifier.Classes);
            var seconds = parsed.GetValue(interval);
            var replay = new SeriesReplay(settings, StepTime(seconds, parsed.GetValue(speed)), TimeProvider.System);
            Print(Header(seconds is not null, settings.Alarms is not null));
            await foreach (var one in replay.Run(series, windows => classifier.Classify(windows, Environment.ProcessorCount, cancellationToken),
                cancellationToken))
                Print(Line(first + one.Series, one.Answer, seconds, settings.Alarms is not null));
            if (replay.MaxDelay > TimeSpan.FromSeconds(0.1))
                Console.Error.WriteLine(FormattableString.Invariant(
                    $"Windows were answered up to {replay.MaxDelay.TotalSeconds:F1} s late: the model is slower than the replay."));
            return 0;

            void Print(object[] fields) =>
                Console.WriteLine(parsed.GetValue(rawCsv) ? CsvRecord.AsRaw(CsvText.Line(fields)) : CsvText.Line(fields));
        });
        return command;
    }

    private static (int First, IReadOnlyList<NewSeries> Series) Series(string file, int? number)
    {
        var all = DatasetReader.ReadUnlabelled(file);
        if (number is not { } one) return (0, all);
        return one < all.Count ? (one, [all[one]])
            : throw new DataException($"--case: expected a series of {Path.GetFileName(file)} from 0 to {all.Count - 1}, found {one}.");
    }

    private static TimeSpan StepTime(double? interval, double speed) =>
        interval is null || speed == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(interval.Value / speed, 1e6));

    private static object[] Header(bool hasTime, bool hasAlarms) =>
        ["index", "window", "start", "end", .. hasTime ? ["time"] : (string[])[], "label", "probability", "abstained",
            .. hasAlarms ? ["alarms", "raised", "cleared"] : (string[])[]];

    private static object[] Line(int index, WindowAnswer told, double? interval, bool hasAlarms) =>
    [
        index, told.Window.Number, told.Window.Start, told.Window.End,
        .. interval is { } seconds ? [Math.Round((told.Window.End - 1) * seconds, 9)] : (object[])[],
        told.Answer?.Label ?? "", told.Answer is { } answer ? Math.Round(answer.Confidence, 6) : "", told.IsAbstained ? "true" : "false",
        .. hasAlarms ? [Names(told.Alarms.Active), Names(told.Alarms.Raised), Names(told.Alarms.Cleared)] : (object[])[],
    ];

    private static string Names(IReadOnlyList<string> classes) => string.Join(';', classes);
}
