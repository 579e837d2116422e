using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>How to make the same experiment again, and what every metric means.</summary>
public sealed partial class RepeatSection
{
    private static HtmlText Seeds(ReportData data)
    {
        var seeds = data.Runs.Select(r => r.Run.Seed).Distinct().Order().ToList();
        return seeds.Count == 0 ? HtmlText.Empty : $"<dt>{(seeds.Count == 1 ? "Seed" : "Seeds")}</dt><dd>{string.Join(", ", seeds)}</dd>";
    }
}
