using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>
/// A rationale beside the answer, in the targets of training samples alone: no prompt ever holds one, and of a validation or test case none
/// is written from its label.
/// </summary>
public sealed record RationaleSettings
{
    /// <summary>The source that needs no model: what of a case's statistics sets its class apart.</summary>
    public const string Contrasts = "contrasts";

    /// <summary>Whether the answer or the rationale is learnt, and asked for, first.</summary>
    public RationaleOrder Order { get; init; }

    /// <summary>
    /// Most tokens of a rationale, 8 to 4096; a longer one is cut at the end of a statement, and at the test no more are written.
    /// </summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>
    /// Where the rationales come from: <c>contrasts</c>, or the SHA-256 of a file of rationales that the artifact store has.
    /// </summary>
    public string Source { get; init; } = Contrasts;

    /// <summary>Whether the rationales are those of a file.</summary>
    [JsonIgnore]
    public bool IsOfFile => Source != Contrasts;
}

/// <summary>What of a target comes first.</summary>
public enum RationaleOrder
{
    /// <summary>The answer, which therefore cannot depend on the rationale; scoring costs nothing more.</summary>
    AnswerFirst,
    /// <summary>The rationale: at the test the model writes its own, and its answer is scored behind that.</summary>
    RationaleFirst,
}
