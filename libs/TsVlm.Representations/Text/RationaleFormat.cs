using TsVlm.Contracts;

namespace TsVlm.Representations.Text;

/// <summary>
/// How answer and rationale make one target: <c>ANSWER</c>, a line feed and the rationale, or the rationale, a line feed and <c>Answer:
/// ANSWER</c>. A rationale is one line, so the line feed tells where it begins or ends.
/// </summary>
/// <param name="Order">Which comes first.</param>
public sealed record RationaleFormat(RationaleOrder Order)
{
    private const char Break = '\n';
    private const string AnswerMark = "Answer:";

    /// <summary>The format of a representation; null where it has no rationales.</summary>
    public static RationaleFormat? Of(Representation representation) =>
        representation.Rationale is { } rationale ? new(rationale.Order) : null;

    /// <summary>The whole target; an empty rationale leaves the answer and what parts the two.</summary>
    public string Target(string answer, string rationale) => Order is RationaleOrder.AnswerFirst
        ? $"{answer}{Break}{rationale}"
        : $"{rationale}{Break}{AnswerMark} {answer}";

    /// <summary>The target up to where its second part begins.</summary>
    public string Beginning(string answer, string rationale) =>
        Order is RationaleOrder.AnswerFirst ? $"{answer}{Break}" : $"{rationale}{Break}{AnswerMark}";

    /// <summary>
    /// The prompt with a rationale behind it, which only the answer is to follow. Where the rationale comes first, that is what the answer
    /// is scored behind.
    /// </summary>
    public static string Given(string prompt, string rationale) => $"{prompt} {rationale}{Break}{AnswerMark}";

    /// <summary>Whether a text that is written token by token has come to the end of a rationale before the answer.</summary>
    public static bool IsEnded(string text) => text.Contains(Break);

    /// <summary>The rationale of a text that ends in or behind one.</summary>
    public static string RationaleOf(string text) => RationaleText.Clean(text.Split(Break)[0]);

    /// <summary>The answer in what a model says; all of it where it keeps to no order.</summary>
    public string AnswerIn(string said)
    {
        if (Order is RationaleOrder.AnswerFirst) return said.Split(Break)[0].Trim();
        var mark = said.LastIndexOf($"{Break}{AnswerMark}", StringComparison.Ordinal);
        return (mark < 0 ? said : said[(mark + 1 + AnswerMark.Length)..]).Trim();
    }

    /// <summary>Tokens that a rationale takes in its place in the target.</summary>
    public int Tokens(string rationale, TokenCounter count)
    {
        var before = Order is RationaleOrder.AnswerFirst ? $"ASSISTANT: 0{Break}" : "ASSISTANT:";
        return count(Order is RationaleOrder.AnswerFirst ? before + rationale : $"{before} {rationale}") - count(before);
    }

    /// <summary>Refuses what rationales cannot be told from.</summary>
    /// <exception cref="RepresentationException">A template without turns, or a class that is more than one line.</exception>
    internal static void Check(IReadOnlyList<string> classes, ConversationTemplate template)
    {
        if (!template.HasTurns)
            throw new RepresentationException(
                $"Conversation template {template.Name}: expected one that asks a question where there are rationales, "
                + $"found one that shows the image alone; use a model with the template {ConversationTemplate.V1.Name} or {ConversationTemplate.Turns.Name}, "
                + "or leave representation.rationale out.");
        if (classes.FirstOrDefault(label => label.Contains(Break)) is { } lines)
            throw new RepresentationException(
                $"Class '{lines.Replace("\n", "\\n")}': expected one line, as a line feed parts answer and rationale; "
                + "rename the class in the data set.");
    }
}
