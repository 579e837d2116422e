using TsVlm.Contracts.Http;
using TsVlm.Evaluation;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Datasets;

/// <summary>How many series have which length, as a histogram.</summary>
public static class LengthChart
{
    private const double Width = 370;
    private const double Height = 150;
    private const double Left = 52;
    private const double Bottom = Height - 34;

    /// <summary>The histogram; its bins follow each other without a gap.</summary>
    public static HtmlText Markup(IReadOnlyList<LengthBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        var count = Axis.FromZero(bins.Max(bin => bin.NumCases), Bottom, 8);
        var length = new Axis(bins[0].From, bins[^1].To + 1, false, Left, Width - 8);
        return $"""
            <svg viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" role="img" aria-label="Series by length, {bins[0].From} to {bins[^1].To} time steps">
            {count.Ticks(3).Where(t => t == Math.Floor(t)).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {count.At(t):0.#}H{Width - 8:0}"/><text class="tick" x="{Left - 6:0}" y="{count.At(t) + 4:0.#}" text-anchor="end">{t:0}</text>
                """)}
            {bins.Select(HtmlText (bin) => $"""
                <g><title>{bin.From} to {bin.To} time steps: {MetricText.Count(bin.NumCases, "series", "series")}</title>
                <path class="bar" d="M{length.At(bin.From) + 1:0.#} {Bottom:0}V{count.At(bin.NumCases):0.#}H{length.At(bin.To + 1) - 1:0.#}V{Bottom:0}Z"/></g>
                """)}
            {length.Ticks(4).Select(HtmlText (t) => $"""<text class="tick" x="{length.At(t):0.#}" y="{Bottom + 15:0}" text-anchor="middle">{t:#,0}</text>""")}
            <path class="base" d="M{Left:0} {Bottom:0}H{Width - 8:0}"/>
            <text class="axis" x="{(Left + Width - 8) / 2:0}" y="{Height - 4:0}" text-anchor="middle">time steps</text></svg>
            """;
    }
}
