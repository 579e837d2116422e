using TsVlm.Contracts;

namespace TsVlm.Representations.Fitting;

/// <summary>Refuses settings outside their bounds before any work is done.</summary>
internal static class SettingChecks
{
    /// <exception cref="RepresentationException">A context length below 1, or digits that cannot be written.</exception>
    public static void Check(Representation representation)
    {
        if (representation.ContextLength < 1)
            throw new RepresentationException($"Context length: expected at least 1 token, found {representation.ContextLength}.");
        var fewest = representation.Numbers.Rounding is Rounding.SignificantDigits ? 1 : 0;
        if (representation.Numbers.Digits < fewest || representation.Numbers.Digits > 8)
            throw new RepresentationException(
                $"Digits: expected {fewest} to 8 with {representation.Numbers.Rounding}, found {representation.Numbers.Digits}.");
    }
}
