using TsVlm.Contracts;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Text;

namespace TsVlm.Cli.Rationales;

/// <summary>Makes a rationale of what a chat model said, and does not accept what cannot be learnt; a person may still change it.</summary>
internal static class RationaleCheck
{
    /// <summary>
    /// One line, cut at the end of a statement where it is too long. Not accepted: an empty one, one without a statement that fits, and one
    /// that names its class where the rationale comes before the answer.
    /// </summary>
    public static WrittenRationale Of(string dataset, int number, string label, string said, RationaleSettings settings, TokenCounter count)
    {
        var format = new RationaleFormat(settings.Order);
        var line = RationaleText.Clean(said);
        var text = RationaleText.Shorten(line, part => format.Tokens(part, count) <= settings.MaxTokens);
        var isGiveaway = settings.Order is RationaleOrder.RationaleFirst && RationaleText.Names(text, label);
        return new(dataset, number, label, text.Length > 0 ? text : line, text.Length > 0 && !isGiveaway);
    }
}
