using TsVlm.Representations.Fitting;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Samples;

/// <summary>What the model is shown of one case. Made without sight of the label: nothing that builds it is given one.</summary>
/// <param name="Prompt">
/// The text up to and including the turn of the assistant, with one <c>&lt;image&gt;</c> where each image goes.
/// </param>
/// <param name="Image">
/// A PNG of the images, squares of the model's image size: a row for each channel, a column for each window; null when the prompt has no
/// <c>&lt;image&gt;</c>.
/// </param>
/// <param name="DownsamplingFactor">Time steps of the series for each point of the text; 1 is all of them.</param>
public sealed record SampleInput(string Prompt, byte[]? Image, int DownsamplingFactor)
{
    /// <summary>Images on the sheet, and what each takes of the sequence.</summary>
    public SampleImages Images { get; init; } = SampleImages.One;

    /// <summary>
    /// The statistics that the prompt states, for a probe to read beside the images: (channels, <see cref="StatisticsVector.Count"/>), row
    /// by row; null where the prompt states none.
    /// </summary>
    public IReadOnlyList<float>? Statistics { get; init; }
}

/// <summary>An input with the answer to learn; the only place where the two meet.</summary>
/// <param name="Case">Number of the case in its data set.</param>
/// <param name="Input">What the model is shown.</param>
/// <param name="Answer">The text of the right answer.</param>
public sealed record Sample(int Case, SampleInput Input, string Answer)
{
    /// <summary>
    /// Why it is right, to learn beside it; null but for training samples of a representation with rationales, empty where there is none to
    /// learn.
    /// </summary>
    public string? Rationale { get; init; }
}
