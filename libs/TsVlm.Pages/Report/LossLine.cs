namespace TsVlm.Pages.Report;

/// <summary>The line of a loss chart.</summary>
internal static class LossLine
{
    /// <summary>A path through the points as SVG has it; where a loss is not finite, the line is broken.</summary>
    /// <param name="points">Step or epoch, and loss.</param>
    /// <param name="time">The horizontal axis.</param>
    /// <param name="loss">The vertical axis.</param>
    public static HtmlText Path(IEnumerable<(double At, double Loss)> points, Axis time, Axis loss)
    {
        var pieces = new List<HtmlText>();
        var isPenDown = false;
        foreach (var (x, y) in points)
        {
            if (double.IsFinite(y)) pieces.Add($"{(isPenDown ? "L" : "M")}{time.At(x):0.#} {loss.At(y):0.#}");
            isPenDown = double.IsFinite(y);
        }
        return $"{pieces}";
    }
}
