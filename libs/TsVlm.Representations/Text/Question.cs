using TsVlm.Contracts;

namespace TsVlm.Representations.Text;

/// <summary>The question that ends every prompt of a data set, and the texts that answer it.</summary>
internal static class Question
{
    /// <summary>
    /// With more classes than this the question does not list them: the list would take the numbers' place in the context.
    /// </summary>
    public const int MaxListedClasses = 20;

    /// <summary>The same for every series of a data set.</summary>
    /// <param name="classes">The classes as they are named: their labels, or their texts.</param>
    /// <param name="format">Whether the names are answered, or their positions.</param>
    /// <param name="rationale">Where a rationale is asked for; null for none.</param>
    public static string Text(IReadOnlyList<string> classes, AnswerFormat format, RationaleOrder? rationale = null)
    {
        var answer = format is AnswerFormat.Index ? "number" : "class";
        var request = rationale switch
        {
            null => $"Answer with the {answer}.",
            RationaleOrder.AnswerFirst => $"Answer with the {answer}, then say why.",
            _ => $"Say why, then answer with the {answer}.",
        };
        if (classes.Count > MaxListedClasses) return $"Which class? {request}";
        var options = format is AnswerFormat.Index
            ? [.. classes.Select((label, i) => FormattableString.Invariant($"{i}: {label}"))] : classes;
        return $"Which class? Options: {string.Join(", ", options)}. {request}";
    }

    /// <summary>The answer of each class, in the order of the classes.</summary>
    /// <exception cref="RepresentationException">
    /// No class, an empty label, a label with the image's mark, or two classes with the same answer.
    /// </exception>
    public static IReadOnlyList<string> AnswerTexts(IReadOnlyList<string> classes, AnswerFormat format)
    {
        if (classes.Count == 0) throw new RepresentationException("Classes: expected at least one, found none.");
        foreach (var label in classes)
        {
            if (string.IsNullOrWhiteSpace(label))
                throw new RepresentationException(
                    "Classes: expected a text for each, found an empty label; give the class a name in the data set.");
            if (label.Contains(ConversationTemplate.ImageToken, StringComparison.Ordinal))
                throw new RepresentationException(
                    $"Class '{label}': contains '{ConversationTemplate.ImageToken}', the mark of the image; rename the class in the data set.");
        }
        if (classes.GroupBy(label => label.Trim(), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new RepresentationException(
                $"Classes: expected a different answer for each, found '{twice.Key}' {twice.Count()} times; merge or rename these classes in the data set.");
        return format is AnswerFormat.Index ? [.. classes.Select((_, i) => FormattableString.Invariant($"{i}"))] : [.. classes];
    }
}
