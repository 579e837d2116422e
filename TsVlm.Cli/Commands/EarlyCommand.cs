using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Early;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm early</c>: how early series can be classified, and what that costs in accuracy.</summary>
internal static class EarlyCommand
{
    public static Command Create()
    {
        var (data, datasets, scenarios, scenario) = (SharedOptions.Data(), SharedOptions.Datasets(), SharedOptions.Scenarios(), SharedOptions.Scenario());
        scenarios.DefaultValueFactory = _ => "probe";
        var (model, device, rawCsv) = (SharedOptions.Model(), SharedOptions.Device(), SharedOptions.RawCsv());
        model.Description = "The model whose vision tower is read: the embedded tiny one, or a LLaVA folder in Hugging Face's form.";
        var prefixes = NumberOptions.Whole("--prefixes", "Prefixes that are classified, evenly spaced up to the whole series.", 20, 2, 1000);
        var resample = NumberOptions.Whole("--resample", "Resample of the archive's split; 0 is its own.", 0, 0, int.MaxValue);
        var output = new Option<string>("--out") { HelpName = "DIR", Description = "Folder to write.", DefaultValueFactory = _ => "tsvlm-early" };
        var command = new Command("early",
            "Classifies series before they are whole: fits a probe on each of several prefixes of the training series, and a rule that says\n"
            + "when its prediction can be trusted (TEASER, Schäfer and Leser 2020). Prints accuracy, earliness (mean share of a series that was\n"
            + "seen, low is early) and the harmonic mean of accuracy and 1 - earliness for the test series; beside them the same for answers at\n"
            + "one prefix for all series, chosen on the training series, and the accuracy on whole series. The time is that of a probe run, once\n"
            + "for each prefix. Writes early.csv, and early-cases.csv with the answer to each test case.\n\n"
            + "Examples:\n  tsvlm early --datasets CBF\n  tsvlm early --data archive --datasets GunPoint,Coffee --prefixes 10")
        {
            data, datasets, scenarios, scenario, model, prefixes, resample, device, output, rawCsv,
        };
        command.Run((parsed, cancellationToken) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            var names = catalog.Select(parsed.GetValue(datasets)!);
            foreach (var unknown in names.Except(catalog.Names)) catalog.Open(unknown);   // says what was expected
            var chosen = GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Choose(parsed.GetValue(scenario));
            WritableFolder.Require(parsed.GetValue(output)!, "--out");
            using var probes = new PrefixProbes(chosen, ModelFolder.Open(parsed.GetValue(model)!), ComputeDevice.Open(parsed.GetValue(device)!),
                Environment.ProcessorCount);
            var evaluation = new EarlyEvaluation(probes, parsed.GetValue(prefixes));
            var results = new List<(Dataset Dataset, EarlyResult Result)>();
            using (var progress = WorkProgress.OnError())
            {
                foreach (var name in names)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var dataset = catalog.Open(name);
                    results.Add((dataset, evaluation.Run(dataset, Splitter.Split(dataset, Splitter.Official, parsed.GetValue(resample)), progress.Report,
                        cancellationToken)));
                    Write(parsed.GetValue(output)!, results, parsed.GetValue(rawCsv));   // after each: Ctrl-C keeps what is done
                }
            }
            Print([.. results.Select(one => one.Result)]);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(IReadOnlyList<EarlyResult> results)
    {
        var table = new FittedTable(new("data set"), Number("train"), Number("test"), Number("length"), Number("classes"), Number("consecutive"),
            new("accuracy", IsNumber: true), new("earliness", IsNumber: true), new("harmonic mean", IsNumber: true),
            Number("at one prefix"), Number("its earliness"), Number("its harmonic mean"), new("whole series", IsNumber: true), Number("seconds"));
        foreach (var one in results)
            table.AddRow(Markup.Escape(CommandErrors.Printable(one.Dataset)), $"{one.NumTrain}", $"{one.NumTest}", $"{one.Length}", $"{one.NumClasses}",
                $"{one.NumConsecutive}", Share(one.Test.Accuracy), Share(one.Test.Earliness), Share(one.Test.HarmonicMean),
                Share(one.Fixed.Accuracy), Share(one.Fixed.Earliness), Share(one.Fixed.HarmonicMean), Share(one.FullAccuracy),
                one.Seconds.ToString("F0", CultureInfo.InvariantCulture));
        if (results.Count > 1)
            table.AddRow("mean", "", "", "", "", "", Share(results.Average(one => one.Test.Accuracy)), Share(results.Average(one => one.Test.Earliness)),
                Share(results.Average(one => one.Test.HarmonicMean)), Share(results.Average(one => one.Fixed.Accuracy)),
                Share(results.Average(one => one.Fixed.Earliness)), Share(results.Average(one => one.Fixed.HarmonicMean)),
                Share(results.Average(one => one.FullAccuracy)), "");
        table.Write(AnsiConsole.Console);

        static FittedColumn Number(string name) => new(name, IsNumber: true, IsOptional: true);
        static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
    }

    private static void Write(string folder, IReadOnlyList<(Dataset Dataset, EarlyResult Result)> results, bool isRaw)
    {
        CsvText.Write(Path.Combine(folder, "early.csv"), isRaw, csv =>
        {
            csv.WriteLine(CsvText.Line("dataset", "num_train", "num_test", "length", "num_classes", "num_prefixes", "num_consecutive", "train_accuracy",
                "train_earliness", "train_harmonic_mean", "accuracy", "earliness", "harmonic_mean", "fixed_accuracy", "fixed_earliness", "fixed_harmonic_mean",
                "full_accuracy", "seconds"));
            foreach (var (_, one) in results)
                csv.WriteLine(CsvText.Line(one.Dataset, one.NumTrain, one.NumTest, one.Length, one.NumClasses, one.Prefixes.Count, one.NumConsecutive,
                    one.Training.Accuracy, one.Training.Earliness, one.Training.HarmonicMean, one.Test.Accuracy, one.Test.Earliness,
                    one.Test.HarmonicMean, one.Fixed.Accuracy, one.Fixed.Earliness, one.Fixed.HarmonicMean, one.FullAccuracy, Math.Round(one.Seconds, 1)));
        });
        CsvText.Write(Path.Combine(folder, "early-cases.csv"), isRaw, csv =>
        {
            csv.WriteLine(CsvText.Line("dataset", "case", "label", "prediction", "steps", "fixed_prediction", "fixed_steps", "length", "full_prediction"));
            foreach (var (dataset, result) in results)
                foreach (var one in result.Cases)
                    csv.WriteLine(CsvText.Line(dataset.Name, one.Case, dataset.Classes[one.Label], dataset.Classes[one.Predicted], one.Steps,
                        dataset.Classes[one.FixedPredicted], one.FixedSteps, one.Length, dataset.Classes[one.FullPredicted]));
        });
    }
}
