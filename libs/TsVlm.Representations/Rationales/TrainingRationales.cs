using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Rationales;

/// <summary>
/// The rationales of a training split from wherever its representation takes them. Labels of other cases are not looked at.
/// </summary>
internal static class TrainingRationales
{
    /// <summary>By the number of the case; cases without one are left out.</summary>
    /// <exception cref="RepresentationException">The file is not the one that the representation names.</exception>
    /// <exception cref="DataException">The file is of other cases than the training split's.</exception>
    public static IReadOnlyDictionary<int, string> Of(Dataset dataset, DatasetSplit split, FittedRepresentation fitted, ModelInputs model,
        RationaleFile? file)
    {
        if (fitted.Representation.Rationale is not { } settings) return new Dictionary<int, string>();
        var format = new RationaleFormat(settings.Order);
        bool Fits(string text) => format.Tokens(text, model.CountTokens) <= settings.MaxTokens;
        Dictionary<int, string> found;
        if (settings.IsOfFile)
        {
            if (file?.Hash != settings.Source)
                throw new RepresentationException(
                    $"representation.rationale.source: expected the file of rationales with content {settings.Source}, found "
                    + $"{(file is null ? "none" : $"one with {file.Hash}")}. Name the file with --rationales.");
            found = file.Of(dataset, split).ToDictionary(r => r.Key, r => RationaleText.Shorten(r.Value, Fits));
            if (settings.Order is RationaleOrder.RationaleFirst) RefuseNames(dataset, fitted, found);
        }
        else
        {
            var contrasts = ClassContrasts.Fit(fitted, [.. split.Train.Select(i => dataset.Cases[i])]);
            found = split.Train.ToDictionary(i => i, i => contrasts.Rationale(dataset.Cases[i].Series, dataset.Cases[i].Label, Fits));
        }
        return found.Where(r => r.Value.Length > 0).ToDictionary();
    }

    private static void RefuseNames(Dataset dataset, FittedRepresentation fitted, Dictionary<int, string> rationales)
    {
        var nameOf = fitted.Classes.Zip(fitted.ClassNames).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (number, text) in rationales)
        {
            var label = dataset.Cases[number].Label;
            if (RationaleText.Names(text, label) || RationaleText.Names(text, nameOf[label]))
                throw new DataException(
                    $"Rationale of {dataset.Name}, case {number}: expected one that does not name its class {nameOf[label]} where the rationale comes first, "
                    + $"found '{text}'. Reword it, or reject it (accepted: no).");
        }
    }
}
