using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Training;

/// <summary>What makes a training the same training: a state is continued by no other.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Seed">Seed of order and dropout.</param>
/// <param name="NumTrain">Samples to learn from.</param>
/// <param name="NumValidation">Samples that choose the weights to keep.</param>
public sealed record TrainingIdentity(Recipe Recipe, int Seed, int NumTrain, int NumValidation);
