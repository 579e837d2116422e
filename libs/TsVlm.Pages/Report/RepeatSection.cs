using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>How to make the same experiment again, and what every metric means.</summary>
internal static class RepeatSection
{
    public static HtmlText Markup(ReportData data) => $"""
        <section id="repeat"><h2>How to repeat</h2>
        <p>At the same commit, with the same data, this command makes the same samples, weights and predictions:</p>
        <pre class="command">{data.Command}</pre>
        <div class="columns"><div><h3>Settings</h3><dl class="facts"><dt>Commit</dt><dd><code>{data.CodeVersion}</code></dd>{Seeds(data)}
        {data.Settings.Select(HtmlText (s) => $"<dt>{s.Name}</dt><dd>{s.Value}</dd>")}</dl></div>
        <div><h3>Machine</h3><dl class="facts"><dt>Processor</dt><dd>{data.Machine.Processor}</dd><dt>Cores</dt><dd>{data.Machine.Cores}</dd>
        <dt>Operating system</dt><dd>{data.Machine.OperatingSystem}</dd></dl>
        <p class="quiet">Times and memory hold for this machine; all other metrics for any.</p></div></div>
        {Glossary.Markup}</section>

        """;

    private static HtmlText Seeds(ReportData data)
    {
        var seeds = data.Runs.Select(r => r.Run.Seed).Distinct().Order().ToList();
        return seeds.Count == 0 ? HtmlText.Empty : $"<dt>{(seeds.Count == 1 ? "Seed" : "Seeds")}</dt><dd>{string.Join(", ", seeds)}</dd>";
    }
}
