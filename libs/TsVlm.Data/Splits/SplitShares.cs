using System.Globalization;

namespace TsVlm.Data.Splits;

/// <summary>Whether the parts of a split have the sizes that the name of its protocol promises.</summary>
public static class SplitShares
{
    /// <summary>Share of all cases that protocol 80-10-10 asks for in validation, and in test.</summary>
    internal const double HeldOut = 0.1;

    // Share of all cases that a part may be larger or smaller without a word: less than rounding to whole per cent.
    private const double Unnoticed = 0.01;

    /// <summary>
    /// One sentence with the sizes asked for and those of the split, where a part is a hundredth of all cases or more off; null otherwise,
    /// and for the archive's own split, which promises no shares.
    /// </summary>
    public static string? Note(string protocol, int numTrain, int numValidation, int numTest)
    {
        var total = numTrain + numValidation + numTest;
        if (protocol != Splitter.EightyTenTen || total == 0) return null;
        var heldOut = NumHeldOut(total);
        if (Math.Max(Math.Abs(numValidation - heldOut), Math.Abs(numTest - heldOut)) < Unnoticed * total) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"Protocol {protocol} asks for {total - (2 * heldOut)} training, {heldOut} validation and {heldOut} test cases; the split has {numTrain}, "
            + $"{numValidation} and {numTest} ({Percent(numTrain)}, {Percent(numValidation)} and {Percent(numTest)} %): {Reason}.");

        string Percent(int count) => (100.0 * count / total).ToString("0", CultureInfo.InvariantCulture);
    }

    /// <summary>The same of a split.</summary>
    public static string? Note(string protocol, DatasetSplit split) =>
        Note(protocol, split.Train.Count, split.Validation.Count, split.Test.Count);

    /// <summary>The same where training and validation cases are counted together, as those that a baseline learns from are.</summary>
    public static string? Note(string protocol, int numLearnt, int numTest)
    {
        var total = numLearnt + numTest;
        if (protocol != Splitter.EightyTenTen || total == 0 || Math.Abs(numTest - NumHeldOut(total)) < Unnoticed * total) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"Protocol {protocol} asks for {NumHeldOut(total)} test cases of {total}; the split has {numTest} ({100.0 * numTest / total:0} %): {Reason}.");
    }

    /// <summary>Cases of all that protocol 80-10-10 holds out for validation, and as many for test.</summary>
    internal static int NumHeldOut(int numCases) => (int)Math.Round(HeldOut * numCases);

    private const string Reason = "each class gives whole cases, at least one to every part that it has cases for";
}
