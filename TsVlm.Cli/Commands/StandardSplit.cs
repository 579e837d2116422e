using TsVlm.Data;
using TsVlm.Data.Splits;

namespace TsVlm.Cli.Commands;

/// <summary>The split to look at a data set by, where none is asked for: the archive's own, or the pooled one where it has none.</summary>
internal static class StandardSplit
{
    public static DatasetSplit Of(Dataset dataset) =>
        Splitter.Split(dataset, dataset.NumOfficialTrain < dataset.Cases.Count ? "official" : "80-10-10", 0);
}
