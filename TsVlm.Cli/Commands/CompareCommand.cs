using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Pages;
using TsVlm.Pages.Comparison;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm compare</c>: whether classifiers differ over data sets, measured ones and published ones.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var results = SharedOptions.List("--results", "DIR|FILE,..", "Folders of tsvlm run, or results.csv files, separated by commas.");
        results.Required = true;
        var published = new Option<string?>("--published")
        {
            HelpName = "FILE",
            Description = "Published accuracies on the archive's own split: a CSV with the columns dataset, method, accuracy and, where you have it, source.",
        };
        var classifiers = SharedOptions.List(
            "--classifiers", "A,B",
            "Scenarios, baselines and published methods to compare. Without it, all measured, and those published for every data set.");
        var reference = new Option<string?>("--reference")
        {
            HelpName = "NAME",
            Description = "What differences are to. Without it, the best-ranked baseline, or published method, or classifier.",
        };
        var protocol = new Option<string?>("--protocol") { Description = "Which protocol to compare, where the results have both." };
        protocol.AcceptOnlyFromAmong("official", "80-10-10");
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Folder of the data sets: their lengths, channels and balance may tell where a classifier fails.",
        };
        var kinds = new Option<string?>("--kinds")
        {
            HelpName = "FILE",
            Description = "What the series of your data sets are a record of: a CSV with the columns dataset and kind\n"
                + $"({string.Join(", ", Enum.GetNames<SignalKind>()).ToLowerInvariant()}). Those of the archives are known.",
        };
        var output = new Option<string>("--out") { HelpName = "DIR", Description = "Folder to write.",
            DefaultValueFactory = _ => "tsvlm-compare" };
        var rawCsv = SharedOptions.RawCsv();
        var command = new Command("compare",
            "Compares classifiers over data sets: mean ranks and Friedman's test, Wilcoxon's signed-rank test of every pair with Holm's correction,\n"
            + "the critical-difference diagram, wins and losses, time against accuracy, and where one falls behind.\n\n"
            + "Seeds and resamples are averaged on each data set, and only data sets that every classifier has a result for are ranked; the report says\n"
            + "which were left out and why. Published results are of the archive's own split, keep the mark (published) everywhere, and are compared with\n"
            + "resample 0 only. Six data sets are the least that can show a difference.\n\n"
            + "Writes compare.html, ranks.csv, friedman.csv, pairwise.csv, paired.csv, scores.csv, failures.csv, and tsml-eval/ in the layout of that package, for aeon.\n\n"
            + "Examples:\n"
            + "  tsvlm compare --results tsvlm-out\n"
            + "  tsvlm compare --results first-run,second-run --data archive --reference minirocket --out comparison\n"
            + "  tsvlm compare --results tsvlm-out --published published.csv --classifiers \"both,minirocket,HC2,ROCKET\"")
        {
            results, published, classifiers, reference, protocol, data, kinds, output, rawCsv,
        };
        command.Run((parsed, cancellationToken) =>
        {
            WritableFolder.Require(parsed.GetValue(output)!, "--out");
            var folders = parsed.GetValue(results)!;
            List<ResultRow> rows = [.. folders.SelectMany(ResultRow.Read)];
            var choice = new ComparisonChoice
            {
                Classifiers = parsed.GetValue(classifiers) ?? [],
                Protocol = parsed.GetValue(protocol),
                Reference = parsed.GetValue(reference),
                Kinds = parsed.GetValue(kinds) is { } table ? SignalKinds.With(table) : SignalKinds.Known,
            };
            var accuracies = parsed.GetValue(published) is { } file ? PublishedAccuracy.Read(file) : [];
            var facts = Facts(parsed.GetValue(data), [.. rows.Select(r => r.Dataset).Distinct()], cancellationToken);
            var comparison = RankComparison.Of(ScoreTable.Of(rows, accuracies, choice, facts), choice.Reference);
            var heading = new ReportHeading(
                $"Comparison of {string.Join(", ", folders.Select(f => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(f)))))}",
                TimeProvider.System.GetLocalNow(), CommandLine.Quote(parsed), RunCard.ThisCode);
            ComparisonOutput.Write(comparison, PairedTests.Of(comparison, folders), heading, parsed.GetValue(output)!, parsed.GetValue(rawCsv));
            PredictionExport.Write(comparison.Table, folders, Path.Combine(parsed.GetValue(output)!, ArchiveTables.FolderName),
                parsed.GetValue(rawCsv));
            Print(comparison, parsed.GetValue(output)!);
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>Facts of those data sets that are in the folder.</summary>
    private static Dictionary<string, DatasetFacts> Facts(string? folder, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, DatasetFacts>();
        if (folder is null) return facts;
        var catalog = new DatasetCatalog(folder);
        foreach (var name in names.Where(catalog.Names.ToHashSet().Contains))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var summary = DatasetSummary.Of(catalog.Open(name));
            facts[name] = new(summary.NumChannels, summary.MaxLength, summary.LargestTrainShare);
        }
        return facts.Count > 0 ? facts : throw new DataException(
            $"{folder}: expected data sets of the results ({string.Join(", ", names)}), found none. Name another folder with --data.");
    }

    private static void Print(RankComparison comparison, string folder)
    {
        string[] numbers = ["mean rank", "mean accuracy", "best on", $"against {comparison.Reference.Name}", "P, Holm"];
        var table = new FittedTable([new("classifier"), .. numbers.Select(name => new FittedColumn(name, IsNumber: true))]);
        foreach (var ranked in comparison.Ranked)
        {
            var pair = comparison.IsEnough && ranked.Classifier != comparison.Reference
                ? comparison[ranked.Classifier, comparison.Reference] : null;
            table.AddRow(Markup.Escape(ranked.Classifier.Name), Number(ranked.MeanRank, "0.00"), Number(ranked.MeanAccuracy, "0.000"),
                Number(ranked.NumBest, "0"),
                pair is null ? "" : $"{pair.Wins} won, {pair.Draws} drawn, {pair.Losses} lost", pair is null
                ? "" : Number(pair.HolmPValue, "0.000"));
        }
        table.Write(AnsiConsole.Console);
        Console.WriteLine(comparison.IsEnough
            ? $"Over {comparison.Table.Complete.Count} data sets that every classifier has a result for."
            : $"Too little to compare: {comparison.Ranked.Count} classifiers on {comparison.Table.Complete.Count} data sets that all of them have a result for; "
                + "two of each are needed.");
        foreach (var note in comparison.Table.Notes) Console.WriteLine(note);
        foreach (var group in comparison.Table.LeftOut.GroupBy(l => l.Reason))
            Console.WriteLine($"Left out, {group.Key}: {string.Join(", ", group.Select(l => l.Dataset.Name))}.");
        Console.WriteLine($"Report: {Path.Combine(folder, ComparisonOutput.PageName)}");
    }

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
