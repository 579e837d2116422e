using TsVlm.Data;
using TsVlm.Data.Splits;

namespace TsVlm.Cli.Commands;

/// <summary>The split to look at a data set by, where none is asked for: the archive's own, or the pooled one where it has none.</summary>
internal static class StandardSplit
{
    public static DatasetSplit Of(Dataset dataset) => Splitter.Split(dataset, ProtocolOf(dataset), 0);

    /// <summary>What the split should be and is not, one sentence; null where it is as its protocol says.</summary>
    public static string? Note(Dataset dataset) => SplitShares.Note(ProtocolOf(dataset), Of(dataset));

    private static string ProtocolOf(Dataset dataset) =>
        dataset.NumOfficialTrain < dataset.Cases.Count ? Splitter.Official : Splitter.EightyTenTen;
}
