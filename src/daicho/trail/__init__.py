"""The trail (証跡): every act once, in one chain that cannot be changed unnoticed."""
