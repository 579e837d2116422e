using System.CommandLine;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Audit;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Pages;
using TsVlm.Pages.Audit;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm audit</c>: what would make the metrics of a run wrong, before it is paid for.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var datasets = SharedOptions.Datasets();
        var scenarios = SharedOptions.Scenarios();
        var protocol = SharedOptions.Protocol();
        var (resamples, model, rawCsv) = (SharedOptions.Resamples(), SharedOptions.Model(), SharedOptions.RawCsv());
        var seed = NumberOptions.Whole("--seed", "Seed of what the audit draws: permutations, samples, folds.", 0, 0, int.MaxValue);
        var samples = NumberOptions.Whole(
            "--samples", "Most test samples to build for each scenario, drawn at random.", new AuditSettings().MaxSamples, 2, int.MaxValue);
        var strict = new Option<bool>("--strict") { Description = "Fails where a problem was found, for scripts and CI." };
        var output = new Option<string>("--out") { HelpName = "DIR", Description = "Folder to write.",
            DefaultValueFactory = _ => "tsvlm-audit" };
        var command = new Command("audit",
            "Looks at data sets and scenarios before a training is paid for: duplicates within and across splits, labels in prompts or images, shortcuts, classes\n"
            + "and distribution of the series in training and test, leaks by shortening and fitting, and whether splits keep what they promise. Nothing is trained.\n\n"
            + "Each finding is ok, a note, a warning or a problem, and says what to do. Exit code 0 where every data set could be read; with --strict, and none has\n"
            + "a problem.\n\n"
            + "Writes audit.html, audit.json, audit.csv, and pairs.csv with the cases that are equal, nearly equal or cut from one recording.\n\n"
            + "Examples:\n"
            + "  tsvlm audit\n"
            + "  tsvlm audit --data archive --datasets GunPoint,PLAID --scenarios paper --resamples 0..4\n"
            + "  tsvlm audit --data archive --protocol 80-10-10 --strict --out audit")
        {
            data, datasets, scenarios, protocol, resamples, model, seed, samples, strict, output, rawCsv,
        };
        command.Run((parsed, cancellationToken) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            var auditor = new DatasetAuditor(
                GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Scenarios,
                ModelFolder.Open(parsed.GetValue(model)!).Inputs,
                [.. parsed.GetValue(resamples)!.Select(r => new SplitReference(parsed.GetValue(protocol)!, r))],
                new AuditSettings { Seed = parsed.GetValue(seed), MaxSamples = parsed.GetValue(samples) });
            var audits = new List<DatasetAudit>();
            var names = catalog.Select(parsed.GetValue(datasets)!);
            foreach (var unknown in names.Except(catalog.Names)) catalog.Open(unknown);   // says what was expected
            WritableFolder.Require(parsed.GetValue(output)!, "--out");
            foreach (var name in names)
            {
                cancellationToken.ThrowIfCancellationRequested();
                audits.Add(Audit(catalog, name, auditor, cancellationToken));
                Print(audits[^1]);
            }
            var heading = new ReportHeading(
                audits.Count == 1 ? $"Audit of {audits[0].Name}" : $"Audit of {audits.Count} data sets", TimeProvider.System.GetLocalNow(),
                CommandLine.Quote(parsed), RunCard.ThisCode);
            AuditOutput.Write(audits, heading, parsed.GetValue(output)!, parsed.GetValue(rawCsv));
            Console.WriteLine($"Report: {Path.Combine(parsed.GetValue(output)!, AuditOutput.PageName)}");
            var isFailed = audits.Any(a => a.Summary is null)
                || (parsed.GetValue(strict) && audits.Any(a => a.Severity is AuditSeverity.Problem));
            return Task.FromResult(isFailed ? CommandErrors.Failed : 0);
        });
        return command;
    }

    private static DatasetAudit Audit(DatasetCatalog catalog, string name, DatasetAuditor auditor, CancellationToken cancellationToken)
    {
        try
        {
            using var progress = WorkProgress.OnError();
            progress.Report($"{name}: reading");
            return auditor.Run(catalog.Open(name), cancellationToken, check => progress.Report($"{name}: {check}"));
        }
        catch (DataException error)
        {
            return DatasetAudit.Unreadable(name, error.Message);
        }
    }

    /// <summary>The findings, the most severe first, and a last row for the checks that found nothing.</summary>
    private static void Print(DatasetAudit audit)
    {
        var counts = Enum.GetValues<AuditSeverity>().Reverse().Select(s => (Severity: s, Count: audit.Findings.Count(f => f.Severity == s)))
            .Where(s => s.Count > 0);
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators().AddColumn("severity").AddColumn("check").AddColumn("of");
        // Where no terminal bounds the line, sentences are still broken into lines that can be read.
        table.AddColumn(new TableColumn("found, and what to do") { Width = AnsiConsole.Profile.Width == FittedTable.UnboundedWidth
            ? 90 : null });
        table.Title = new TableTitle(
            Markup.Escape($"{audit.Name}: {string.Join(", ", counts.Select(c => $"{c.Count} {AuditText.Name(c.Severity)}"))}"));
        foreach (var finding in audit.Findings.Where(f => f.Severity > AuditSeverity.Ok).OrderByDescending(f => f.Severity))
        {
            var advice = finding.Advice.Length == 0 ? "" : $"\n[grey]→ {Markup.Escape(finding.Advice)}[/]";
            table.AddRow($"[{Colour(finding.Severity)}]{AuditText.Name(finding.Severity)}[/]", AuditText.Name(finding.Check),
                Markup.Escape(finding.Subject.Length == 0 ? "data set" : finding.Subject), Markup.Escape(finding.Found) + advice);
        }
        var clean = audit.Findings.Select(f => f.Check).Distinct().Where(c => audit.Of(c) is AuditSeverity.Ok).Select(AuditText.Name)
            .ToList();
        if (clean.Count > 0) table.AddRow("[green]ok[/]", "", "", $"Nothing found: {string.Join(", ", clean)}.");
        AnsiConsole.Write(table);
    }

    private static string Colour(AuditSeverity severity) =>
        severity switch { AuditSeverity.Problem => "red", AuditSeverity.Warning => "yellow", _ => "blue" };
}
