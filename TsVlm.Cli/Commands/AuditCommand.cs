using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluator;
using TsVlm.Representations;
using TsVlm.Scenarios;

namespace TsVlm.Cli;

/// <summary><c>tsvlm audit</c>: what would make the figures of a run wrong, before it is paid for.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var (data, datasets, scenarios, protocol) = (SharedOptions.Data(), SharedOptions.Datasets(), SharedOptions.Scenarios(), SharedOptions.Protocol());
        var (resamples, model) = (SharedOptions.Resamples(), SharedOptions.Model());
        var seed = new Option<int>("--seed") { HelpName = "N", Description = "Seed of what the audit draws: permutations, samples, folds." };
        var samples = new Option<int>("--samples")
        {
            HelpName = "N", Description = "Most test samples to build for each scenario, drawn at random.", DefaultValueFactory = _ => new AuditSettings().MaxSamples,
        };
        samples.Validators.Add(result =>
        {
            if (result.GetValue(samples) < 2) result.AddError($"--samples: expected 2 or more, found {result.GetValue(samples)}.");
        });
        var strict = new Option<bool>("--strict") { Description = "Fails on warnings too." };
        var output = new Option<string>("--out") { HelpName = "DIR", Description = "Folder to write.", DefaultValueFactory = _ => "tsvlm-audit" };
        var command = new Command("audit",
            "Looks at data sets and scenarios before money is spent on training: duplicates across splits, labels in prompts or images, shortcuts, shares of\n"
            + "classes and distribution of the series in training and test, and whether the splits keep what they promise. Nothing is trained.\n\n"
            + "Each finding is ok, a notice, a warning or an error, and says what to do. Exit code 0 where there is no error; with --strict, no warning either.\n\n"
            + "Writes audit.html, audit.json, and pairs.csv with the cases that are equal, nearly equal or made from each other.\n\n"
            + "Examples:\n"
            + "  tsvlm audit\n"
            + "  tsvlm audit --data archive --datasets GunPoint,PLAID --scenarios paper --resamples 0..4\n"
            + "  tsvlm audit --data archive --protocol 80-10-10 --strict --out audit")
        {
            data, datasets, scenarios, protocol, resamples, model, seed, samples, strict, output,
        };
        command.Run((parsed, stop) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            var auditor = new DatasetAuditor(
                GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)).Scenarios, ModelFolder.Open(parsed.GetValue(model)!).Inputs,
                [.. parsed.GetValue(resamples)!.Select(r => new SplitReference(parsed.GetValue(protocol)!, r))],
                new AuditSettings { Seed = parsed.GetValue(seed), MaxSamples = parsed.GetValue(samples) });
            var audits = new List<DatasetAudit>();
            foreach (var name in catalog.Select(parsed.GetValue(datasets)!))
            {
                stop.ThrowIfCancellationRequested();
                audits.Add(Audit(catalog, name, auditor, stop));
                Print(audits[^1]);
            }
            if (audits.Count == 0) throw new DataException($"{catalog.Directory}: expected data sets, found none.");
            var heading = new ReportHeading(
                audits.Count == 1 ? $"Audit of {audits[0].Name}" : $"Audit of {audits.Count} data sets", TimeProvider.System.GetLocalNow(), CommandLine.Quote(parsed), RunCard.ThisCode);
            AuditOutput.Write(audits, heading, parsed.GetValue(output)!);
            Console.WriteLine($"Report: {Path.Combine(parsed.GetValue(output)!, AuditOutput.PageName)}");
            var worst = audits.Max(a => a.Severity);
            return Task.FromResult(worst >= (parsed.GetValue(strict) ? AuditSeverity.Warning : AuditSeverity.Error) ? CommandErrors.Failed : 0);
        });
        return command;
    }

    private static DatasetAudit Audit(DatasetCatalog catalog, string name, DatasetAuditor auditor, CancellationToken stop)
    {
        try
        {
            return auditor.Run(catalog.Open(name), stop);
        }
        catch (DataException error)
        {
            return DatasetAudit.Unreadable(name, error.Message);
        }
    }

    private static void Print(DatasetAudit audit)
    {
        var counts = Enum.GetValues<AuditSeverity>().Reverse().Select(s => (Severity: s, Count: audit.Findings.Count(f => f.Severity == s))).Where(s => s.Count > 0);
        AnsiConsole.MarkupLineInterpolated($"[bold]{audit.Name}[/]: {string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} {Name(c.Severity)}")))}");
        foreach (var finding in audit.Findings.Where(f => f.Severity > AuditSeverity.Ok).OrderByDescending(f => f.Severity))
        {
            var of = finding.Subject.Length == 0 ? "" : $" ({finding.Subject})";
            AnsiConsole.MarkupLine($"  [{Colour(finding.Severity)}]{Name(finding.Severity)}[/]{Markup.Escape($"{of}: {finding.Found}")}");
            if (finding.Advice.Length > 0) AnsiConsole.MarkupLine($"    [grey]→ {Markup.Escape(finding.Advice)}[/]");
        }
    }

    private static string Name(AuditSeverity severity) => SharedOptions.Name(severity);

    private static string Colour(AuditSeverity severity) => severity switch { AuditSeverity.Error => "red", AuditSeverity.Warning => "yellow", _ => "blue" };
}
