using System.CommandLine;
using TsVlm.Cli.Display;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.Evaluation.Results;
using TsVlm.Serving.Classification;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm predict</c>: classifies new series with a trained model.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var checkpoint = new Option<string>("--checkpoint")
        {
            HelpName = "DIR", Required = true, Description = "A run's folder (tsvlm-out/runs/RUN), or a checkpoint's own.",
        };
        var series = new Option<string>("--series")
        {
            HelpName = "FILE", Required = true, Description = "New series as .ts, .tsv, .arff, .txt or .csv; labels in it are ignored.",
        };
        var (device, rawCsv) = (SharedOptions.Device(), SharedOptions.RawCsv());
        var command = new Command("predict",
            "Classifies new series: prints CSV with the most probable class and a probability for each class.\n\n"
            + "Example:\n  tsvlm predict --checkpoint tsvlm-out/runs/CBF.official-0.s0.both.1a2b3c4d --series new.csv")
        {
            checkpoint, series, device, rawCsv,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            var cases = DatasetReader.ReadUnlabelled(parsed.GetValue(series)!);
            using var classifier = await SeriesClassifier.Open(parsed.GetValue(checkpoint)!, ComputeDevice.Open(parsed.GetValue(device)!),
                cancellationToken);
            var answers = classifier.Classify(cases, Environment.ProcessorCount, cancellationToken);
            Print(["index", "prediction", .. classifier.Classes.Select(c => $"probability_{c}")]);
            foreach (var (i, answer) in answers.Index())
                Print([i, answer.Label, .. answer.Probabilities.Select(p => (object)Math.Round(p, 6))]);
            return 0;

            void Print(object[] fields) =>
                Console.WriteLine(parsed.GetValue(rawCsv) ? CsvRecord.AsRaw(CsvText.Line(fields)) : CsvText.Line(fields));
        });
        return command;
    }
}
