using TsVlm.Contracts;

namespace TsVlm.Pages.Report;

/// <summary>What people read of a stage.</summary>
public static class StageNames
{
    /// <summary>A stage in words.</summary>
    public static string Of(Stage stage) => stage switch
    {
        Stage.Datagen => "data generation",
        Stage.Training => "training",
        _ => "evaluation",
    };
}
