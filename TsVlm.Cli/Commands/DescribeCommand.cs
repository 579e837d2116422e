using System.CommandLine;
using TsVlm.Cli.Display;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Results;
using TsVlm.Models;
using TsVlm.Pretraining.Descriptions;
using TsVlm.Representations;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm describe</c>: what a model sees in series, in words.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var series = new Option<string?>("--series")
        {
            HelpName = "FILE", Description = "Series as .ts, .tsv, .arff, .txt or .csv; labels in it are ignored.",
        };
        var score = NumberOptions.Whole("--score", "Describes so many new synthetic series instead, and tells how often each part is right.", 0, 0,
            1_000_000);
        var seed = NumberOptions.Whole("--seed", "With --score: seed of the synthetic series.", 0, 0, int.MaxValue);
        var channels = NumberOptions.Whole("--channels", "With --score: channels of the synthetic series.", 1, 1, 16);
        var (model, device, rawCsv) = (SharedOptions.Model(), SharedOptions.Device(), SharedOptions.RawCsv());
        var command = new Command("describe",
            "Describes series in words: the model is shown a zoom mosaic of each channel and writes trend, cycles, shift of level, spikes and noise;\n"
            + "of several channels, what they have in common and which one differs. Prints CSV with the model's own words, where places are in percent\n"
            + "of the length, and the same in time steps. The model is the embedded one, or another of tsvlm pretrain --part answers.\n\n"
            + "Examples:\n  tsvlm describe --series new.csv\n  tsvlm describe --score 500")
        {
            series, score, seed, channels, model, device, rawCsv,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(series) is null) == (result.GetValue(score) == 0))
                result.AddError("Expected either --series FILE or --score N, found both or none.");
        });
        command.Run((parsed, cancellationToken) =>
        {
            using var describer = new SeriesDescriber(
                ModelFolder.Open(parsed.GetValue(model)!), ComputeDevice.Open(parsed.GetValue(device)!), Environment.ProcessorCount);
            if (parsed.GetValue(series) is { } file) Describe(describer, file, parsed.GetValue(rawCsv), cancellationToken);
            else Score(describer, parsed.GetValue(score), parsed.GetValue(seed), parsed.GetValue(channels), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Describe(SeriesDescriber describer, string file, bool isRaw, CancellationToken cancellationToken)
    {
        var cases = DatasetReader.ReadUnlabelled(file);
        Print(["index", "description", "in_steps"]);
        // One by one, so that an error names the series.
        foreach (var (index, one) in cases.Index())
        {
            var text = DescriptionOf(describer, one, cancellationToken);
            Print([index, text, SeriesDescription.Parse(text)?.InSteps(one.Series.Length) ?? ""]);
        }

        void Print(object[] fields) => Console.WriteLine(isRaw ? CsvRecord.AsRaw(CsvText.Line(fields)) : CsvText.Line(fields));
    }

    private static string DescriptionOf(SeriesDescriber describer, NewSeries one, CancellationToken cancellationToken)
    {
        try
        {
            return describer.Describe([one.Series], cancellationToken).Single();
        }
        catch (RepresentationException error)
        {
            throw new RepresentationException($"{one.Place}: {error.Message}", error);
        }
    }

    private static void Score(SeriesDescriber describer, int count, int seed, int numChannels, CancellationToken cancellationToken)
    {
        var source = new DescribedSeries(seed);
        // Numbers far beyond those of any pretraining, whatever its seed.
        var made = Enumerable.Range(0, count).Select(i => source.Draw(long.MaxValue / 2 - i, numChannels)).ToList();
        var written = describer.Describe(made.Select(one => one.Series), cancellationToken);
        var scores = DescriptionScores.Of([.. made.Zip(written, (one, text) => (one.Description, text))]);
        Console.WriteLine(CsvText.Line(["part", "right", "most_frequent_answer", "series"]));
        foreach (var score in scores)
            Console.WriteLine(CsvText.Line([score.Part, Math.Round(score.Right, 3), Math.Round(score.OfMostFrequent, 3), score.NumSeries]));
    }
}
